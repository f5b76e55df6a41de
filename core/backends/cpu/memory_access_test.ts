/** Stores that leave their place are not printed; loads whose lanes leave memory are kept inside. */
import assert from "node:assert/strict";
import { concat, mul } from "../../program/language.ts";
import type { Slot } from "../../program/node.ts";
import { createProgram } from "../../program/program.ts";
import { constantIndex, shifted, symbolIndex } from "../../schedule/index.ts";
import { runStage } from "../../testing/run_stage.ts";
import { planMemory } from "../memory_plan.ts";
import { cpuBackend } from "./cpu.ts";
import { createFunctionWriter, LANE } from "./function_writer.ts";
import { createMemoryAccess } from "./memory_access.ts";
import { positionAt } from "./pass_body.ts";
import { rowSize } from "./row_size.ts";

const arenaBase = 64;
const binding = { kind: "v128", text: "(local.get $x)", level: 0 } as const;

/** The access to a slot [5, 12] of 2 sequences, whose rows take 16 elements, in a loop over lanes. */
function accessTo(
  { sequences = 2, lanes = 12 }: { sequences?: number; lanes?: number },
  use: (access: ReturnType<typeof createMemoryAccess>, place: { slot: Slot }) => void,
): string {
  const builder = createProgram({ replicas: 1, sequences: 2, steps: 1 });
  builder.slot("a", { kind: "state", shape: [5, 12], hasBatchAxis: true });
  const program = builder.build();
  const memory = planMemory(program, {
    chunk: 1,
    temporaries: [],
    arenaLimit: Infinity,
    snapshotSlots: [],
    rowSize,
  });
  const writer = createFunctionWriter({ b: sequences - 1, t: 0 });
  const end = arenaBase + 4 * memory.arenas[0]!;
  const access = createMemoryAccess(writer, { memory, arenaBase, end, threads: 1 });
  const range = { from: "(i32.const 0)", to: "(i32.const 16)", step: 4, most: lanes };
  writer.loop(LANE, range, () => use(access, { slot: program.slots.get("a")! }));
  return writer.text("test");
}

const lanes = symbolIndex(LANE);
const row = (index: number) => positionAt(constantIndex(index), lanes);

Deno.test("cpu: a store into the last row is proved, into the next one it is not", () => {
  const text = accessTo({}, ({ store }, place) => store(place, row(4), binding));
  assert.match(text, /v128\.store offset=320 /);
  for (
    const [what, use] of [
      ["row", () => accessTo({}, ({ store }, place) => store(place, row(5), binding))],
      ["lane", () => accessTo({ lanes: 16 }, ({ store }, place) => store(place, row(4), binding))],
      [
        "sequence",
        () => accessTo({ sequences: 3 }, ({ store }, place) => store(place, row(0), binding)),
      ],
    ] as const
  ) {
    assert.throws(use, { name: "RangeError", message: /slot "a" are not inside 64 to 704/ }, what);
  }
});

Deno.test("cpu: a load that may leave memory is kept inside", () => {
  const load = (index: number, shift = 0) =>
    accessTo({}, (access, place) => {
      const { element: [post, pre], ...rest } = row(index);
      access.load(place, { ...rest, element: [post!, shifted(pre!, shift)] });
    });
  assert.doesNotMatch(load(4), /select/);
  for (const text of [load(5), load(0, -17)]) {
    assert.match(text, /v128\.load \(select \(local\.get \S+\) \(i32\.const 688\) \(i32\.lt_u /);
  }
});

Deno.test("cpu: a long vector before a part that lies at the front of memory", async () => {
  const long = Float32Array.from({ length: 33_000 }, (_, index) => index % 17);
  const results = await runStage(cpuBackend({ threads: 1 }), {
    sequences: 1,
    inputs: {
      short: { shape: [3], values: [1, 2, 3] },
      long: { shape: [long.length], values: [...long] },
    },
    write: ({ short, long }) => ({ all: mul(2, concat(long!, short!)) }),
  });
  assert.deepEqual([...results.get("all")!], [...long, 1, 2, 3].map((x) => 2 * x));
});
