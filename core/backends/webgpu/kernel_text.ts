/** The text of a kernel around the statements of its lanes. */
import ieee from "../../wgsl/ieee.wgsl" with { type: "text" };
import functions from "../../wgsl/functions.wgsl" with { type: "text" };
import philox from "../../wgsl/philox.wgsl" with { type: "text" };
import random from "../../wgsl/random.wgsl" with { type: "text" };
import type { KernelTraffic } from "./traffic.ts";

/** The text of a kernel, the number of its workgroups, and what it does to memory. */
export interface KernelSource {
  readonly source: string;
  readonly workgroups: number;
  readonly traffic: KernelTraffic;
}

/** Statements of a block. */
export const indent = (lines: readonly string[]): string[] => lines.map((line) => "  " + line);

/** The text of a kernel around the statements of its lanes. */
export function kernelText(
  body: readonly string[],
  { arenas, lanes, title, workgroup = [] }: {
    arenas: number;
    lanes: number;
    title: string;
    /** Declarations of workgroup memory. */
    workgroup?: readonly string[];
  },
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
    ...workgroup,
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

/** Statements for each of `count` numbers `e`, from `first` on, shared out between the lanes of a workgroup. */
export function forLanes(
  lines: readonly string[],
  { first = 0, count, lanes }: { first?: number; count: number; lanes: number },
): string[] {
  const begin = first > 0 ? `${first}u + lane` : "lane";
  if (count > lanes) {
    return [
      `for (var e = ${begin}; e < ${first + count}u; e += ${lanes}u) {`,
      ...indent(lines),
      "}",
    ];
  }
  const open = count < lanes ? `if (lane < ${count}u) {` : "{";
  return [open, ...indent([`let e = ${begin};`, ...lines]), "}"];
}
