import assert from "node:assert/strict";
import { drawSequence } from "../core/training/task.ts";
import { findTask } from "./mod.ts";

const refused = (name: string, settings: Record<string, unknown>, message: string) =>
  assert.throws(() => findTask(name).build(settings), { name: "SettingError", message });

Deno.test("key-value tasks refuse settings that contradict each other, in one line", () => {
  const kv = "Task kv_unique_4";
  refused(
    "kv_unique_4",
    { queries: 5 },
    `${kv}: queries: expected at most the 4 keys of a sequence, got 5`,
  );
  refused(
    "kv_unique_4",
    { keys: 3 },
    `${kv}: keys: expected at least the 4 keys of a sequence, got 3`,
  );
  const mqar = "Task mqar_8";
  refused(
    "mqar_8",
    { vocabulary: 14 },
    `${mqar}: vocabulary: expected at least 16, for 8 keys, got 14`,
  );
  refused("mqar_8", { length: 30 }, `${mqar}: length: expected at least 32, for 8 keys, got 30`);
});

for (const name of ["kv_unique_6", "mqar_6"]) {
  Deno.test(`${name}: a guesser names another key's value as often as the task says`, () => {
    const task = findTask(name).build();
    const symbols = task.sizes["symbols"]!;
    let [named, answers] = [0, 0];
    for (let index = 0; index < 1500; index++) {
      const { mistake, recall } = drawSequence(task, { seed: 7, index });
      // All values are as likely a guess: what share of them is another key's?
      recall!.forEach((is, t) => {
        if (!is) return;
        const codes = mistake!.subarray(t * symbols, (t + 1) * symbols);
        named += codes.filter((code) => code === 2).length * task.chance!;
        answers++;
      });
    }
    const { wrong_key_answers: expected } = task.guessing!;
    assert.ok(Math.abs(named / answers - expected!) < 0.01, `${named / answers}, not ${expected}`);
  });
}

for (const name of ["kv_unique_8", "kv_reassign_8", "mqar_8", "kv_stream_8", "selcopy_4_12"]) {
  Deno.test(`${name}: judged recall are the same sequences, and the best loss is 0`, () => {
    const all = findTask(name).build();
    const recall = findTask(name).build({ judged: "recall" });
    assert.equal(recall.bestLoss, 0);
    assert.ok(all.bestLoss! > 0.3);
    for (let index = 0; index < 20; index++) {
      const [full, part] = [all, recall].map((task) => drawSequence(task, { seed: 6, index }));
      assert.deepEqual(part, { ...full, mask: full!.recall });
    }
  });
}
