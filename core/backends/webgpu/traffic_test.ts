/** The model of memory traffic, against counts by hand. */
import assert from "node:assert/strict";
import type { Slot } from "../../program/node.ts";
import { createProgram } from "../../program/program.ts";
import { constantIndex, loopSymbol, symbolIndex, symbols } from "../../schedule/index.ts";
import { planMemory } from "../memory_plan.ts";
import { mostLive } from "./live_names.ts";
import { laneAxes, laneCount, laneSymbols, symbolValues } from "./lane_axes.ts";
import { bytesOf } from "./moved_bytes.ts";
import { sectorsOf } from "./sectors.ts";
import type { PassTraffic, Touch } from "./traffic.ts";

const extents = { replicas: 1, sequences: 2, steps: 10 };

/** A matrix shared by 2 sequences, a vector of each, and a vector of each for every step. */
function example() {
  const builder = createProgram(extents);
  builder.slot("w", { kind: "parameter", shape: [64, 64] });
  builder.slot("x", { kind: "state", shape: [64], hasBatchAxis: true });
  const tape = { kind: "state", shape: [64], hasBatchAxis: true, hasTimeAxis: true } as const;
  builder.slot("taped", tape);
  const program = builder.build();
  const [w, x, taped] = ["w", "x", "taped"].map((name) => program.slots.get(name)!) as [
    Slot,
    Slot,
    Slot,
  ];
  const memory = planMemory(program, {
    chunk: 1,
    temporaries: [],
    arenaLimit: Infinity,
    snapshotSlots: [],
  });
  const common = { sequence: symbolIndex(symbols.sequence), time: symbolIndex(symbols.time) };
  const [i, q] = [symbolIndex(symbols.row), symbolIndex(loopSymbol(0))];
  const touch = (
    slot: Slot,
    element: Touch["position"]["element"],
    { kind = "load", times = 1 }: Partial<Touch> = {},
  ): Touch => ({ place: { slot }, position: { ...common, element }, level: "memory", kind, times });
  const axes = laneAxes({ shape: [64], hasBatchAxis: true }, extents, new Set());
  const pass = (...touches: Touch[]): PassTraffic => ({
    touches,
    lanes: laneCount(axes),
    valuesOf: (lane) => symbolValues(axes, lane),
    owners: 1,
    runs: 1,
  });
  const sectors = (...touches: Touch[]) =>
    sectorsOf(
      { passes: [pass(...touches)], barriers: 0, workgroupBytes: 0, registers: 0, turns: 0 },
      memory,
    );
  return { w, x, taped, i, q, touch, pass, sectors, memory };
}

Deno.test("sectors: neighbours, a column and one word for all", () => {
  const { w, x, i, q, touch, sectors } = example();
  // 128 lanes are 4 groups; 32 neighbouring words are 4 sectors.
  assert.deepEqual(sectors(touch(x, [i])), { touched: 16, ideal: 16 });
  assert.deepEqual(sectors(touch(w, [q, i], { times: 64 })), { touched: 1024, ideal: 1024 });
  assert.deepEqual(sectors(touch(w, [i, q], { times: 64 })), { touched: 32 * 256, ideal: 1024 });
  assert.deepEqual(sectors(touch(x, [q])), { touched: 4, ideal: 4 });
  // Where a row begins beside a sector, 32 words lie in 5.
  const shifted = { ...i, offset: 3 };
  assert.deepEqual(sectors(touch(w, [constantIndex(0), shifted])), { touched: 20, ideal: 16 });
});

Deno.test("bytes: an array counts once a run; the floor counts it once, or every step", () => {
  const { w, x, taped, i, q, touch, pass, memory } = example();
  const context = { memory, extents, launches: 1, steps: 10, owners: 2 };
  const forward = { ...pass(touch(w, [i, q]), touch(x, [q]), touch(x, [i])), runs: 10 };
  assert.deepEqual(bytesOf([forward], context), {
    moved: 10 * 4 * (64 * 64 + 128),
    floor: 4 * (64 * 64 + 128),
  });
  const writes = { ...pass(touch(taped, [i], { kind: "store" })), runs: 10 };
  const readsBack = { ...pass(touch(taped, [i])), runs: 10 };
  assert.deepEqual(bytesOf([writes, readsBack], context), {
    moved: 2 * 10 * 4 * 128,
    floor: 10 * 4 * 128,
  });
});

Deno.test("bytes: a sum over the steps reads all of them at once", () => {
  const { taped, i, q, touch, pass, memory } = example();
  const read = touch(taped, [i]);
  const sum = pass({ ...read, position: { ...read.position, time: q } });
  const context = { memory, extents, launches: 1, steps: 1, owners: 1 };
  assert.deepEqual(bytesOf([sum], context), { moved: 4 * 1280, floor: 4 * 1280 });
});

Deno.test("lanes: the printed statements give the symbols the values of the model", () => {
  const axes = laneAxes({ shape: [3, 5], hasBatchAxis: true }, extents, new Set());
  const statements = laneSymbols(axes).map((line) =>
    line.replace("let", "const").replaceAll(/(\d)u\b/g, "$1")
      .replaceAll(/= (.*?e \/ \d+\)?)/g, "= Math.floor($1)").replaceAll(
        /\(\(e (\/ \d+)\)/g,
        "((e $1)",
      )
  );
  for (let lane = 0; lane < laneCount(axes); lane++) {
    const names = axes.map(({ symbol }) => symbol.name);
    const run = new Function("e", `${statements.join("\n")}; return [${names}];`);
    assert.deepEqual(run(lane), [...symbolValues(axes, lane).values()]);
  }
});

Deno.test("registers: a name is alive from its definition to its last use", () => {
  assert.equal(mostLive(["let a = 1;", "let b = a;", "let c = b;"]), 2);
  assert.equal(mostLive(["let a = 1;", "let b = 2;", "let c = 3;", "let d = a + b + c;"]), 4);
});
