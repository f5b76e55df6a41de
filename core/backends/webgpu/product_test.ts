/** Products of matrices that sequences share: numbers on odd sizes, and nothing from beyond an edge. */
import assert from "node:assert/strict";
import * as l from "../../program/language.ts";
import { createProgram, type Program, type SlotOptions } from "../../program/program.ts";
import { assertTwins, trainOn, writeStart } from "../../testing/twin.ts";
import type { Backend } from "../backend.ts";
import { referenceBackend } from "../reference/reference.ts";
import { emitProgram } from "./emit_program.ts";
import { webgpuBackend } from "./webgpu.ts";

/** Products of [post, pre] with vectors and matrices of B sequences, and sums of outer products. */
function products(post: number, pre: number, sequences: number): Program {
  const [steps, columns] = [3, 7];
  const builder = createProgram({ replicas: 2, sequences, steps });
  const inputs: Readonly<Record<string, SlotOptions>> = {
    w: { kind: "parameter", shape: [post, pre] },
    alpha: { kind: "parameter", shape: [post, pre] },
    x: { kind: "parameter", shape: [pre], hasBatchAxis: true },
    g: { kind: "parameter", shape: [post], hasBatchAxis: true },
    many: { kind: "parameter", shape: [pre, columns], hasBatchAxis: true },
    tall: { kind: "parameter", shape: [post, columns], hasBatchAxis: true },
    all: { kind: "input", shape: [pre], hasBatchAxis: true, hasTimeAxis: true },
    each: { kind: "input", shape: [post], hasBatchAxis: true, hasTimeAxis: true },
  };
  for (const [name, options] of Object.entries(inputs)) builder.slot(name, options);
  builder.stage("main", { name: "products" }, (stage) => {
    const value = (name: string) => stage.load(name);
    const [w, alpha, x, g] = [value("w"), value("alpha"), value("x"), value("g")];
    const [many, tall, all, each] = [value("many"), value("tall"), value("all"), value("each")];
    const chosen = l.where(l.less(alpha, 0), l.mul(w, 0.5), l.add(w, alpha));
    const results = {
      forward: l.tanh(l.matvec(w, x)),
      chosen: l.matvec(chosen, x),
      backward: l.vecmat(g, w),
      wide: l.matmul(w, many),
      narrow: l.matmul(l.transpose(tall), w),
      ofSequence: l.matmul(tall, l.transpose(many)),
      overSequences: l.batchSum(l.outer(g, x)),
      overSteps: l.reduce(l.outer(each, all), { axes: ["time"] }),
      ofShared: l.add(w, l.mul(alpha, l.reduce(l.outer(each, all), { axes: ["time"] }))),
      overBoth: l.reduce(l.outer(each, all), { axes: ["time", "sequence"] }),
    };
    for (const [name, value] of Object.entries(results)) {
      const { shape, hasBatchAxis } = value;
      builder.slot(name, { kind: "optimizer", shape, hasBatchAxis });
      stage.store(name, value);
    }
  });
  return builder.build();
}

const backends: Readonly<Record<string, () => Promise<Backend>>> = {
  "staged tiles": () => webgpuBackend({ allowSoftware: true, planAsHardware: true }),
  "blocks of registers": () => webgpuBackend({ allowSoftware: true }),
};

/** Every size of a side with every number of sequences, at least once. */
const sizes = [
  [1, 17, 2],
  [3, 7, 5],
  [7, 65, 1],
  [17, 3, 33],
  [65, 17, 16],
  [65, 1, 5],
  [137, 65, 3],
] as const;

for (const [name, open] of Object.entries(backends)) {
  Deno.test(`products, ${name}: odd sizes are those of the reference`, async () => {
    const backend = await open();
    for (const [post, pre, sequences] of sizes) {
      const program = products(post, pre, sequences);
      const options = { seeds: [1, 2], procedures: ["main"], iterations: 1, drawn: false };
      const expected = await trainOn(referenceBackend(), program, options);
      const actual = await trainOn(backend, program, options);
      assertTwins(actual, expected, { bound: 2e-6, what: `${post} by ${pre}, B ${sequences}` });
    }
    backend.close();
  });

  Deno.test(`products, ${name}: NaN reaches the row, the sequence and the sum that it is in`, async () => {
    const backend = await open();
    const [post, pre, sequences] = [9, 35, 3];
    const engine = await backend.prepare(products(post, pre, sequences));
    writeStart(engine, { seeds: [1, 2], drawn: false });
    // The last of everything: what fills up a tile repeats it.
    const broken = async (slot: string, size: number) => {
      const [values] = (await engine.read([slot])).values();
      const last = Float32Array.from(values!);
      engine.write(slot, last.map((value, index) => index % size === size - 1 ? NaN : value));
      await engine.run("main", { iterations: 1 });
      const found = await engine.read(["forward", "backward", "wide", "overSequences"]);
      engine.write(slot, values!);
      return Object.fromEntries(
        [...found].map(([name, values]) => [name, values.filter(Number.isNaN).length] as const),
      );
    };
    assert.deepEqual(await broken("w", post * pre), {
      forward: 2 * sequences,
      backward: 2 * sequences,
      wide: 2 * sequences * 7,
      overSequences: 0,
    });
    assert.deepEqual(await broken("x", sequences * pre), {
      forward: 2 * post,
      backward: 0,
      wide: 0,
      overSequences: 2 * post,
    });
    engine.close();
    backend.close();
  });
}

/** The kernels of a program on an adapter. */
const kernelsOf = (program: Program, isSoftware: boolean) =>
  emitProgram(program, {
    chunk: 1,
    lowering: "auto",
    arenaLimit: 2 ** 27,
    limits: { lanes: 256, bytes: 16384, isSoftware, subgroup: 1 },
  }).stages.flatMap(({ kernels }) => kernels);

Deno.test("products: a lane of a CPU takes all sequences, and reads what they share once", () => {
  const touches = kernelsOf(products(137, 65, 16), true)
    .flatMap(({ traffic }) => traffic.passes.flatMap(({ touches }) => touches));
  const timesOf = (slot: string, kind: "load" | "store") =>
    touches.filter((touch) =>
      touch.kind === kind && "slot" in touch.place && touch.place.slot.name === slot
    ).map(({ times }) => times);
  assert.ok(timesOf("ofShared", "store").every((times) => times === 16));
  assert.ok(timesOf("alpha", "load").includes(1));
});

Deno.test("products: a GPU stages those of matrices that sequences share, and sums of outer products", () => {
  const staged = kernelsOf(products(17, 65, 16), false).filter(({ source }) =>
    source.includes("var<workgroup> tile")
  );
  // Two forward products share a loop.
  assert.equal(staged.length, 8);
  for (const { source, traffic } of staged) {
    const [, size] = /tile: array<f32, (\d+)>/.exec(source)!;
    assert.equal(traffic.workgroupBytes, 4 * Number(size));
    assert.ok(traffic.workgroupBytes <= 16384);
    assert.ok(traffic.barriers >= 3);
  }
  assert.ok(kernelsOf(products(17, 65, 16), true).every(({ source }) => !source.includes("tile:")));
});
