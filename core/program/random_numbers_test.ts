import assert from "node:assert/strict";
import type { Value } from "./elementwise.ts";
import { numberOf } from "./node.ts";
import { createProgram, type StageBuilder } from "./program.ts";
import { drawKey, drawNumber, keySlots, keyStream } from "./random_keys.ts";
import { philox4x32, randomStream, streamOf } from "../random.ts";

const extents = { replicas: 1, sequences: 2, steps: 3 };

/** Calls `write` in a stage of a procedure. @returns the slots of the program. */
function inStage(
  write: (stage: StageBuilder) => void,
  { procedure = "train", hasSingleSequence = false } = {},
) {
  const builder = createProgram(extents, { hasSingleSequence });
  builder.slot("x", { kind: "state" });
  builder.stage(procedure, { name: "step", loop: "forward" }, (stage) => {
    write(stage);
    stage.store("x", 1);
  });
  return builder.build().slots;
}

const streamIn = ({ operation }: Value): number => {
  assert.ok(operation.op === "random");
  return operation.stream;
};

Deno.test("random: calls are numbered, names keep their stream, a scope begins anew", () => {
  inStage((stage) => {
    const first = stage.random("a");
    const values = [first.normal(4), first.normal(4), first.normal(4, { name: "noise" })];
    assert.equal(new Set(values).size, 3);
    const again = stage.random("a");
    assert.deepEqual([again.normal(4), again.normal(4)], values.slice(0, 2));
    assert.equal(again.normal(4, { name: "noise" }), values[2]);
    assert.notEqual(streamIn(stage.random("b").normal(4)), streamIn(values[0]!));
    assert.equal(streamIn(values[2]!), streamOf("random/a/noise"));
    // Other distributions and shapes of a name draw from the same words, but are other values.
    const uniform = stage.random("a").uniform(4, { name: "noise" });
    assert.notEqual(uniform, values[2]);
    assert.equal(streamIn(uniform), streamIn(values[2]!));
  });
});

Deno.test("random: shapes, and whose numbers they are", () => {
  const slots = inStage((stage) => {
    const { uniform, normal, bernoulli } = stage.random("a");
    assert.deepEqual(uniform().shape, []);
    assert.deepEqual(normal(3).shape, [3]);
    assert.deepEqual(normal([2, 3]).shape, [2, 3]);
    const p = uniform(5, { perSequence: false });
    assert.deepEqual(bernoulli(p).shape, [5]);
    assert.deepEqual(bernoulli(0.5).shape, []);
    assert.equal(uniform().hasBatchAxis, true);
    assert.equal(p.hasBatchAxis, false);
    assert.equal(bernoulli(p).hasBatchAxis, true);
  });
  assert.equal(slots.get(keySlots.sequence)!.hasBatchAxis, true);
  assert.equal(slots.get(keySlots.batch)!.hasBatchAxis, false);
  const shared = inStage(
    (stage) => assert.equal(stage.random("a").normal(3).hasBatchAxis, false),
    { hasSingleSequence: true },
  );
  assert.equal(shared.get(keySlots.sequence)!.hasBatchAxis, false);
});

Deno.test("random: where the network is judged, what the model says stands in place", () => {
  const write = (stage: StageBuilder) => {
    const random = stage.random("a");
    const quiet = random.normal([2, 3], { evaluation: 0 });
    return { quiet, noisy: random.normal(3) };
  };
  for (const procedure of ["evaluate", "measure"]) {
    inStage((stage) => {
      const { quiet, noisy } = write(stage);
      assert.deepEqual([numberOf(quiet), quiet.shape], [0, [2, 3]]);
      assert.equal(streamIn(noisy), streamOf("random/a/#1"));
    }, { procedure });
  }
  inStage((stage) => assert.equal(write(stage).quiet.operation.op, "random"));
  const slots = inStage((stage) => void stage.random("a").normal(3, { evaluation: 0 }), {
    procedure: "evaluate",
  });
  assert.deepEqual([...slots.keys()], ["x"], "nothing is drawn: there are no keys");
});

const mistakes: readonly [string, (stage: StageBuilder) => void, RegExp][] = [
  ["a length of 0", (s) => s.random("a").normal(0), /^normal: expected a length, .*got 0 \(/],
  ["a part of a unit", (s) => s.random("a").uniform([2.5, 1]), /^uniform: .*got \[2.5,1\]/],
  ["a probability of 2", (s) => s.random("a").bernoulli(2, 3), /^bernoulli: .* 0 to 1, got 2/],
  ["a probability NaN", (s) => s.random("a").bernoulli(NaN), /^bernoulli: .*got NaN/],
  [
    "a probability of another shape",
    (s) => s.random("a").bernoulli(s.random("a").uniform(3), []),
    /^bernoulli: a probability is a vector\(3\), the draw a scalar/,
  ],
];
for (const [what, write, message] of mistakes) {
  Deno.test(`random: ${what} is refused in one line that names the place`, () => {
    inStage((stage) =>
      assert.throws(() => write(stage), (error: Error) => {
        assert.ok(error instanceof RangeError);
        assert.match(error.message, message);
        return !error.message.includes("\n");
      })
    );
  });
}

Deno.test("keys: the first words of a stream of the seed; numbers: words of a block of the key", () => {
  const address = { seed: 2 ** 45 + 3, stream: streamOf("random/validation"), step: 2 ** 33 + 1 };
  assert.equal(keyStream({ name: keySlots.sequence }, "validation"), address.stream);
  const key = drawKey(address);
  const stream = randomStream(address);
  const words = [stream.bits(), stream.bits()];
  assert.deepEqual([key[0]! + key[1]! * 65536, key[2]! + key[3]! * 65536], words);
  assert.ok(key.every((half) => Number.isInteger(half) && half < 65536));
  const block = philox4x32(Uint32Array.of(7, 5, 3, 0), Uint32Array.from(words));
  const at = { key, element: 7, step: 5 };
  assert.equal(drawNumber({ stream: 3, distribution: "uniform" }, at), (block[0]! >>> 8) / 2 ** 24);
  const [u, v] = [(block[0]! >>> 8) / 2 ** 24, (block[1]! >>> 8) / 2 ** 24];
  const normal = Math.sqrt(-2 * Math.log(u + 2 ** -24)) * Math.cos(2 * Math.PI * v);
  assert.equal(drawNumber({ stream: 3, distribution: "normal" }, at), normal);
});

Deno.test("keys: splits, sequences, seeds and batches have keys of their own", () => {
  const texts = ["train", "validation", "test"].flatMap((split) =>
    [0, 1, 2 ** 32].flatMap((number) =>
      [1, 2, 2 ** 32 + 1].flatMap((seed) =>
        Object.values(keySlots).map((name) =>
          drawKey({ seed, stream: keyStream({ name }, split), step: number }).join()
        )
      )
    )
  );
  assert.equal(new Set(texts).size, texts.length);
});
