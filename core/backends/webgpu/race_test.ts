/** No kernel has a data race: lanes that touch the same element, one of them writing, wait for each other between. */
import assert from "node:assert/strict";
import { models } from "../../../models/mod.ts";
import { updaters } from "../../../updaters/mod.ts";
import type { LoweringChoice } from "../../schedule/lowering.ts";
import { languagePrograms } from "../../testing/language_programs.ts";
import { tableCases } from "../../testing/table_cases.ts";
import { twinCases } from "../../testing/twin_cases.ts";
import { emitProgram } from "./emit_program.ts";
import { kernelText } from "./kernel_text.ts";
import { findRaces } from "./testing/find_races.ts";

const hardware = { lanes: 256, bytes: 16384, isSoftware: false, subgroup: 4 };
const software = { ...hardware, isSoftware: true, subgroup: 1 };

const programs = [
  ...twinCases({ models, updaters }),
  ...languagePrograms(),
  // Forward mode has hundreds of workgroups here; those of the twins are fewer and do the same.
  ...tableCases({ sequences: 2, isWanted: ({ updater }) => updater !== "rtrl" })
    .map(({ model, updater, program }) => ({ name: `${model}, ${updater}`, program })),
];

/** The kernels of a program, with the sizes of their bindings. */
function* kernelsOf(
  { program }: typeof programs[number],
  { lowering, limits }: { lowering: LoweringChoice; limits: typeof hardware },
) {
  const options = { chunk: 2, arenaLimit: 2 ** 27, lowering, limits };
  const { stages, memory: { arenas } } = emitProgram(program, options);
  for (const { source, workgroups } of stages.flatMap(({ kernels }) => kernels)) {
    yield { source, workgroups, arenas };
  }
}

for (const [device, limits] of Object.entries({ hardware, software })) {
  for (const lowering of ["fused", "joined", "split"] as const) {
    Deno.test(`races: none in ${lowering} kernels for ${device}`, () => {
      const seen = new Set<string>();
      for (const each of programs) {
        for (const { source, ...launch } of kernelsOf(each, { lowering, limits })) {
          const untitled = source.slice(source.indexOf("\n")) + JSON.stringify(launch);
          if (seen.has(untitled)) continue;
          seen.add(untitled);
          assert.deepEqual(findRaces(source, launch), [], `${each.name}\n${source}`);
        }
      }
      assert.ok(seen.size > 100);
    });
  }
}

Deno.test("races: taking a barrier out of a kernel makes one", () => {
  const plastic = programs.find(({ name }) => name.startsWith("plasticRnn, bptt"))!;
  const kernel = kernelsOf(plastic, { lowering: "fused", limits: hardware })
    .find(({ source }) => source.startsWith("// evaluate/forward"));
  const { source, ...launch } = kernel!;
  const [start, ...rest] = source.split("workgroupBarrier();\n");
  const races = rest.map((_, missing) => {
    const barriers = rest.map((text, at) => (at === missing ? "" : "workgroupBarrier();\n") + text);
    return findRaces([start, ...barriers].join(""), launch);
  });
  assert.ok(races.filter((found) => found.length > 0).length > races.length / 2);
  for (const race of races.flat()) assert.match(race, / between lanes$/);
});

/** The races of a kernel of 4 lanes in 2 workgroups with these statements. */
function racesOf(statements: readonly string[], { shared = "f32" }: { shared?: string } = {}) {
  const source = kernelText(statements, {
    arenas: 1,
    lanes: 4,
    title: "test",
    workgroup: [`var<workgroup> shared: array<${shared}, 4>;`],
  });
  return findRaces(source, { workgroups: 2, arenas: [8] });
}
const own = "let e = group.x * 4u + lane;";
const other = "let other = group.x * 4u + (lane + 1u) % 4u;";

Deno.test("races: a barrier shows what was written at its level only", () => {
  const pass = (barrier: string) =>
    racesOf([own, other, "memory0[e] = 1.0f;", barrier, "let x0 = memory0[other];"]);
  assert.deepEqual(pass("storageBarrier();"), []);
  assert.deepEqual(pass("workgroupBarrier();"), ["memory0[1] between lanes"]);
  const turned = (barrier: string) =>
    racesOf(["shared[lane] = 1.0f;", barrier, "let x0 = shared[3u - lane];"]);
  assert.deepEqual(turned("workgroupBarrier();"), []);
  assert.deepEqual(turned("storageBarrier();"), ["shared[3] between lanes"]);
});

Deno.test("races: what was read before any barrier may be written after it", () => {
  const lines = ["let x0 = shared[3u - lane];", "storageBarrier();", "shared[lane] = x0;"];
  assert.deepEqual(racesOf(lines), []);
  assert.deepEqual(racesOf([lines[0]!, lines[2]!]), ["shared[1] between lanes"]);
});

Deno.test("races: workgroups never wait for each other", () => {
  const lines = ["if (lane < 1u) { memory0[0u] = 1.0f; }"];
  assert.deepEqual(racesOf(lines), ["memory0[0] between workgroups"]);
  assert.deepEqual(racesOf(["if (lane < 1u) { memory0[group.x] = 1.0f; }"]), []);
  assert.deepEqual(racesOf([own, "memory0[e] = memory0[lane];"]), [
    "memory0[0] between workgroups",
  ]);
});

Deno.test("races: who writes a component of a vector may write all of it", () => {
  const lines = ["shared[lane / 2u][lane % 2u] = 1.0f;"];
  assert.deepEqual(racesOf(lines, { shared: "vec4f" }), ["shared[0] between lanes"]);
  assert.deepEqual(racesOf(["shared[lane][0] = 1.0f;"], { shared: "vec4f" }), []);
});

Deno.test("races: a lane beyond an edge may read anything, and writes nothing", () => {
  const clamped = ["let g0 = min(lane, 2u);", "let g0_in = lane < 3u;", "let x0 = shared[g0];"];
  assert.deepEqual(racesOf([...clamped, "if (g0_in) { shared[g0] = x0; }"]), []);
  assert.throws(() => racesOf([...clamped, "shared[g0] = x0;"]), /write of shared\[2\]/);
});

Deno.test("races: every lane comes to the same barriers, and touches what is there", () => {
  const half = ["if (lane < 2u) {", "workgroupBarrier();", "}"];
  assert.throws(() => racesOf(half), /Lanes wait at different barriers/);
  assert.throws(() => racesOf(["let x0 = shared[lane + 1u];"]), /shared\[4\], which has 4/);
});

Deno.test("races: text that is not known is an error", () => {
  for (const line of ["loop { break; }", "let x0 = unknown(lane);", "let x0 = shared[0.5f];"]) {
    assert.throws(() => racesOf([line]), line);
  }
  assert.throws(() => racesOf([], { shared: "atomic<u32>" }), /does not know/);
});
