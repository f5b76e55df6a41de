/** Prints the steps of a stage: which one runs, and the loop over all that a launch goes over. */
import type { Extents } from "../../axes.ts";
import type { Stage } from "../../program/program.ts";
import { indent } from "./kernel_text.ts";

/** Whether a stage runs once a step. */
export const isRepeated = ({ loop }: Stage): boolean => loop === "forward" || loop === "reverse";

/** Steps that a launch of a whole stage goes over, at most. */
export function stepsOfLaunch(stage: Stage, { steps, segment = steps }: Extents): number {
  if (!isRepeated(stage)) return 1;
  return stage.segments ? segment : steps;
}

/** The segment `g` of step `t`, and the step `u` in it, in stages that go over segments. */
export function segmentSymbols({ segments }: Stage, { steps, segment = steps }: Extents): string[] {
  return segments ? [`let g = t / ${segment}u;`, `let u = t % ${segment}u;`] : [];
}

/** The statements of a stage, at all steps that it goes over. */
export function overSteps(stage: Stage, passes: readonly string[], extents: Extents): string[] {
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
