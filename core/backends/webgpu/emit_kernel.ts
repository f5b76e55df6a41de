/** Prints WGSL kernels: a whole stage in one launch (fused), or one pass of it (split). */
import { type Extents, sizeOf } from "../../axes.ts";
import type { Stage } from "../../program/program.ts";
import type { Pass, Schedule } from "../../schedule/pass.ts";
import ieee from "../../wgsl/ieee.wgsl" with { type: "text" };
import functions from "../../wgsl/functions.wgsl" with { type: "text" };
import philox from "../../wgsl/philox.wgsl" with { type: "text" };
import random from "../../wgsl/random.wgsl" with { type: "text" };
import { emitPass } from "./emit_pass.ts";
import type { EmitContext } from "./expressions.ts";

/** The text of a kernel, and the number of its workgroups. */
export interface KernelSource {
  readonly source: string;
  readonly workgroups: number;
}

/** Lanes of a workgroup that runs a single pass. */
const SPLIT_LANES = 64;

/** The axes that a workgroup has fixed: its lanes differ only in the others. */
type FixedAxes = ReadonlySet<"r" | "b">;

const indent = (lines: readonly string[]): string[] => lines.map((line) => "  " + line);

function module(
  body: readonly string[],
  { arenas, lanes, title }: { arenas: number; lanes: number; title: string },
): string {
  const text = body.join("\n");
  const bindings = Array.from(
    { length: arenas },
    (_, arena) =>
      `@group(0) @binding(${arena}) var<storage, read_write> memory${arena}: array<f32>;`,
  );
  return [
    `// ${title}`,
    "struct Moment { index: u32, unused0: u32, unused1: u32, unused2: u32 }",
    ...bindings,
    "@group(1) @binding(0) var<uniform> iteration: Moment;",
    "@group(1) @binding(1) var<uniform> step: Moment;",
    ...text.includes("ieee_") ? [ieee] : [],
    ...text.includes("hebb_") || text.includes("random_") ? [functions] : [],
    ...text.includes("random_") ? [philox, random] : [],
    `@compute @workgroup_size(${lanes})`,
    "fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {",
    ...indent(body),
    "}",
    "",
  ].join("\n");
}

/**
 * Statements that split the number of a lane, `e`, into its replica `r`, its sequence `b` and its element
 * `i`, `j`.
 */
function laneSymbols(pass: Pass, extents: Extents, fixedAxes: FixedAxes): string[] {
  const { shape, hasBatchAxis } = pass.domain;
  const axes: [name: string, extent: number][] = [];
  if (!fixedAxes.has("r")) axes.push(["r", extents.replicas]);
  if (hasBatchAxis && !fixedAxes.has("b")) axes.push(["b", extents.sequences]);
  shape.forEach((extent, axis) => axes.push([["i", "j"][axis]!, extent]));
  let inside = axes.reduce((product, [, extent]) => product * extent, 1);
  return axes.map(([name, extent], position) => {
    inside /= extent;
    if (extent === 1) return `let ${name} = 0u;`;
    const index = inside === 1 ? "e" : `e / ${inside}u`;
    return `let ${name} = ${position === 0 ? index : `(${index}) % ${extent}u`};`;
  });
}

/** Number of lanes of a pass, over the axes that are not fixed. */
function laneCount(pass: Pass, extents: Extents, fixedAxes: FixedAxes): number {
  return sizeOf(pass.domain.shape) * (fixedAxes.has("r") ? 1 : extents.replicas) *
    (pass.domain.hasBatchAxis && !fixedAxes.has("b") ? extents.sequences : 1);
}

/** The segment `g` of step `t`, and the step `u` in it, in stages that go over segments. */
function segmentSymbols({ segments }: Stage, { steps, segment = steps }: Extents): string[] {
  return segments ? [`let g = t / ${segment}u;`, `let u = t % ${segment}u;`] : [];
}

/** The kernel of one pass, over all replicas and sequences. */
export function splitKernel(
  pass: Pass,
  context: EmitContext,
  { extents, stage, title }: { extents: Extents; stage: Stage; title: string },
): KernelSource {
  const fixedAxes: FixedAxes = new Set();
  const lanes = laneCount(pass, extents, fixedAxes);
  const body = [
    "let k = iteration.index;",
    "let t = step.index;",
    ...segmentSymbols(stage, extents),
    `let e = (group.y * groups.x + group.x) * ${SPLIT_LANES}u + lane;`,
    `if (e >= ${lanes}u) { return; }`,
    ...laneSymbols(pass, extents, fixedAxes),
    ...emitPass(pass, context),
  ];
  return {
    source: module(body, { arenas: context.memory.arenas.length, lanes: SPLIT_LANES, title }),
    workgroups: Math.ceil(lanes / SPLIT_LANES),
  };
}

/** The statements of a stage, at all steps that it goes over. */
function overSteps(stage: Stage, passes: readonly string[], extents: Extents): string[] {
  const { loop, segments } = stage;
  const { steps, segment = steps } = extents;
  const body = [...segmentSymbols(stage, extents), ...passes];
  const launched = segments || loop === "one" ? "step.index" : "0u";
  if (!isRepeated(stage)) return [`let t = ${launched};`, ...body];
  const range = segments
    ? [`let first = ${launched};`, `let end = min(first + ${segment}u, ${steps}u);`]
    : [];
  const [first, end, mirror] = segments
    ? ["first", "end", "first + end - 1u"]
    : ["0u", `${steps}u`, `${steps - 1}u`];
  return [
    ...range,
    `for (var count = ${first}; count < ${end}; count += 1u) {`,
    ...indent([loop === "forward" ? "let t = count;" : `let t = ${mirror} - count;`, ...body]),
    "}",
  ];
}

const isRepeated = ({ loop }: Stage): boolean => loop === "forward" || loop === "reverse";

/** The kernel of all passes and steps of a stage, with one workgroup per sequence or replica. */
export function fusedKernel(
  schedule: Schedule,
  context: EmitContext,
  { extents, stage, owner, maxLanes, title }: {
    extents: Extents;
    stage: Stage;
    owner: "sequence" | "replica";
    maxLanes: number;
    title: string;
  },
): KernelSource {
  const fixedAxes: FixedAxes = new Set(owner === "sequence" ? ["r", "b"] : ["r"]);
  const widest = Math.max(
    ...schedule.groups.flat().map((pass) => laneCount(pass, extents, fixedAxes)),
  );
  const lanes = Math.min(maxLanes, 256, Math.max(32, 2 ** Math.ceil(Math.log2(widest))));
  const passes = schedule.groups.flatMap((group, index) => {
    const last = index === schedule.groups.length - 1;
    const texts = group.flatMap((pass) => [
      `for (var e = lane; e < ${laneCount(pass, extents, fixedAxes)}u; e += ${lanes}u) {`,
      ...indent([...laneSymbols(pass, extents, fixedAxes), ...emitPass(pass, context)]),
      "}",
    ]);
    return last && !isRepeated(stage) ? texts : [...texts, "storageBarrier();"];
  });
  const position = owner === "replica"
    ? ["let r = group.y * groups.x + group.x;", `if (r >= ${extents.replicas}u) { return; }`]
    : [
      "let owner = group.y * groups.x + group.x;",
      `if (owner >= ${extents.replicas * extents.sequences}u) { return; }`,
      `let r = owner / ${extents.sequences}u;`,
      `let b = owner % ${extents.sequences}u;`,
    ];
  const body = overSteps(stage, passes, extents);
  return {
    source: module(["let k = iteration.index;", ...position, ...body], {
      arenas: context.memory.arenas.length,
      lanes,
      title,
    }),
    workgroups: extents.replicas * (owner === "sequence" ? extents.sequences : 1),
  };
}
