import assert from "node:assert/strict";
import { replicasOf } from "../config/replicas.ts";
import { chooseReplica, chooseReplicas } from "./choose_replicas.ts";

const seeds = replicasOf({ training: { seeds: [3, 1], sweep: {} } });
const swept = replicasOf({ training: { seeds: [3, 1], sweep: { "task.memories": [5, 10] } } });

const choice = (replicas: typeof seeds, seed?: number, replica?: number) => ({
  replicas,
  seed,
  replica,
});

Deno.test("without a choice all replicas are meant, or the first", () => {
  assert.equal(chooseReplicas(choice(swept)), swept);
  assert.equal(chooseReplica(choice(swept)), swept[0]);
});

Deno.test("a seed means all that have it, a number one", () => {
  assert.deepEqual(chooseReplicas(choice(seeds, 1)), [seeds[1]]);
  assert.equal(chooseReplica(choice(seeds, 1)), seeds[1]);
  assert.deepEqual(chooseReplicas(choice(swept, 1)), [swept[1], swept[3]]);
  assert.deepEqual(chooseReplicas(choice(swept, undefined, 2)), [swept[2]]);
  assert.equal(chooseReplica(choice(swept, 1, 3)), swept[3]);
});

Deno.test("what means none, or several where one is drawn, is refused in one line", () => {
  const bad: [() => unknown, RegExp][] = [
    [() => chooseReplicas(choice(seeds, 2)), /^--seed 2: the run has no such seed; it has 3, 1$/],
    [
      () => chooseReplicas(choice(seeds, undefined, 2)),
      /^--replica 2: the run has 0 to 1: 0 \(seed 3\), 1 \(seed 1\)$/,
    ],
    [
      () => chooseReplicas(choice(swept, 1, 2)),
      /^--replica 2: it is memories 10, seed 3, --seed asks for 1$/,
    ],
    [
      () => chooseReplica(choice(swept, 1)),
      /^--seed 1: 2 replicas have it, --replica N says which: 1 \(memories 5, seed 1\), 3 \(memories 10, seed 1\)$/,
    ],
  ];
  for (const [choose, message] of bad) {
    assert.throws(choose, { name: "UsageError", message });
  }
});
