import assert from "node:assert/strict";
import { z } from "../../deps/zod.ts";
import { add, batchSum, matvec, outer, reduce, sum, tanh } from "./language.ts";
import { matrix, scalar, vector } from "./declaration.ts";
import { drawInitial } from "./draw_initial.ts";
import { constantValue } from "./initializer.ts";
import { defineModel } from "./model.ts";
import { createProgram, type ProgramBuilder, type StageBuilder } from "./program.ts";

const extents = { replicas: 1, sequences: 2, steps: 3 };

function builderWithSlots(): ProgramBuilder {
  const builder = createProgram(extents);
  builder.slot("y", { kind: "state", shape: [3], hasBatchAxis: true });
  builder.slot("m", { kind: "state", shape: [3, 3], hasBatchAxis: true });
  builder.slot("w", { kind: "parameter", shape: [3] });
  builder.slot("x", {
    kind: "input",
    shape: [3],
    hasBatchAxis: true,
    hasTimeAxis: true,
    hasChunkAxis: true,
  });
  builder.slot("tape", { kind: "tape", shape: [3], hasBatchAxis: true, hasTimeAxis: true });
  return builder;
}

const writeIn = (loop: "none" | "forward", write: (stage: StageBuilder) => void) => () =>
  builderWithSlots().stage("main", { name: "only", loop }, write);

Deno.test("program: extents must be whole and at least 1", () => {
  for (const wrong of [0, -1, 1.5, NaN]) {
    assert.throws(() => createProgram({ ...extents, steps: wrong }), /RangeError: .*steps.*/);
  }
});

Deno.test("program: slots", () => {
  const builder = builderWithSlots();
  builder.slot("y", { kind: "state", shape: [3], hasBatchAxis: true });
  for (
    const other of [
      { kind: "state", shape: [4], hasBatchAxis: true },
      { kind: "parameter", shape: [3], hasBatchAxis: true },
      { kind: "state", shape: [3] },
      { kind: "state", shape: [3], hasBatchAxis: true, hasTimeAxis: true },
    ] as const
  ) {
    assert.throws(() => builder.slot("y", other), /RangeError: Slot "y" is declared twice/);
  }
});

Deno.test("program: a stage that cannot be written", () => {
  const mistakes: [() => void, RegExp][] = [
    [
      writeIn("none", ({ load }) => void load("no")),
      /ReferenceError: No slot "no"; there are y, m/,
    ],
    [writeIn("none", ({ store }) => store("no", 0)), /ReferenceError: No slot "no"/],
    [
      writeIn("none", ({ store }) => {
        store("y", 0);
        store("y", 1);
      }),
      /RangeError: Stage stores "y" twice/,
    ],
    [
      writeIn("none", ({ store, load }) => store("y", sum(load("m")))),
      /^$/,
    ],
    [
      writeIn("none", ({ store, load }) => store("y", load("m"))),
      /RangeError: "y" is a vector\(3\) and cannot hold a matrix\(3, 3\)/,
    ],
    [
      writeIn("none", ({ store, load }) => store("w", load("y"))),
      /RangeError: "w" is shared by all sequences; reduce over the batch first/,
    ],
    [writeIn("none", ({ store }) => store("tape", 0)), /RangeError: "tape": per-step values/],
    [
      writeIn("none", ({ store, load }) => store("y", load("x"))),
      /RangeError: "y": per-step values are written inside a loop, and summed outside/,
    ],
  ];
  for (const [mistake, message] of mistakes) {
    // A scalar is repeated: the one entry that is no mistake.
    if (message.source === "^$") mistake();
    else assert.throws(mistake, message);
  }
});

Deno.test("program: a value of another stage is refused", () => {
  const builder = builderWithSlots();
  let kept = undefined as ReturnType<StageBuilder["load"]> | undefined;
  builder.stage("main", { name: "first" }, ({ load, store }) => {
    kept = load("y");
    store("y", tanh(kept));
  });
  assert.throws(
    () => builder.stage("main", { name: "second" }, ({ store }) => store("y", kept!)),
    /TypeError: "y": got a value of another stage/,
  );
  assert.throws(
    () =>
      builder.stage("main", { name: "third" }, ({ store, load }) => {
        store("y", add(load("y"), kept!));
      }),
    /TypeError: add: got a value of another stage/,
  );
});

Deno.test("program: stages keep their order, empty ones are left out", () => {
  const builder = builderWithSlots();
  builder.stage("main", { name: "a" }, ({ store }) => store("y", 0));
  builder.stage("main", { name: "nothing" }, () => {});
  builder.stage("main", { name: "b", loop: "forward" }, ({ store, load }) => {
    store("y", add(load("y"), load("x")));
    store("tape", load("y"));
  });
  builder.stage("other", { name: "c" }, ({ store, load }) => {
    store("w", reduce(batchSum(load("tape")), { axes: ["time"] }));
  });
  const { procedures } = builder.build();
  const shown = [...procedures].map(([name, stages]) =>
    `${name}: ${stages.map((stage) => `${stage.name} ${stage.loop}`).join(", ")}`
  );
  assert.deepEqual(shown, ["main: a none, b forward", "other: c none"]);
});

const model = (step: (y: ReturnType<typeof tanh>) => Record<string, ReturnType<typeof tanh>>) =>
  defineModel({
    name: "broken",
    config: z.strictObject({ units: z.int().min(1).default(3) }),
    parameters: ({ units }) => ({ w: matrix(units, units) }),
    state: ({ units }) => ({ y: vector(units), z: vector(units) }),
    inputs: () => ({}),
    step: (_, { y }) => ({ state: step(y) as { y: typeof y; z: typeof y }, output: y }),
  });

function trace(broken: ReturnType<typeof model>, config = {}): void {
  const builder = createProgram(extents);
  const instance = broken.instantiate(config);
  for (const [name, { shape }] of Object.entries({ ...instance.parameters, ...instance.state })) {
    builder.slot(name, { kind: "state", shape, hasBatchAxis: true });
  }
  builder.stage("main", { name: "only" }, (stage) => void instance.trace(stage));
}

Deno.test("defineModel: states that are missing or were never declared", () => {
  trace(model((y) => ({ y, z: y })));
  assert.throws(() => trace(model((y) => ({ y }))), /CodeError: Model broken: .*no state "z"/);
  assert.throws(
    () => trace(model((y) => ({ y, z: y, more: y }))),
    /CodeError: Model broken: .*undeclared state "more"/,
  );
});

Deno.test("defineModel: the config is checked by its schema", () => {
  const broken = model((y) => ({ y, z: y }));
  assert.deepEqual(broken.instantiate({}).config, { units: 3 });
  assert.deepEqual(broken.instantiate({ units: 7 }).parameters["w"]!.shape, [7, 7]);
  assert.throws(() => broken.instantiate({ units: 0 }), { name: "ZodError" });
  // @ts-expect-error a wrong key does not compile either
  assert.throws(() => broken.instantiate({ nits: 1 }), { name: "ZodError" });
});

Deno.test("defineModel: a wrong shape names the line of the model", () => {
  const broken = model((y) => ({ y: matvec(outer(y, y), add(y, outer(y, y))), z: y }));
  assert.throws(() => trace(broken), /RangeError: add: .*\(program\/program_test\.ts:\d+:\d+\)/);
});

Deno.test("declarations: extents, first values, diagonals", () => {
  assert.throws(() => matrix(2, 0), /RangeError: .*2 x 0/);
  assert.throws(() => vector(1.5), RangeError);
  const context = { shape: [2, 3], name: "w", seed: 1, replica: 0, steps: 1, step: 0 } as const;
  const fill = ({ initial }: ReturnType<typeof matrix>) => {
    const out = new Float32Array(6).fill(NaN);
    drawInitial(initial, out, context);
    return [...out];
  };
  assert.deepEqual(fill(matrix(2, 3)), [0, 0, 0, 0, 0, 0]);
  const one = matrix(2, 3, constantValue(1), { diagonal: 5 });
  assert.deepEqual(fill(one), [5, 1, 1, 1, 5, 1]);
  assert.deepEqual(scalar(3).shape, []);
});
