/** In which order stages run, and over which steps, where some go over one segment of the steps after the other. */
import type { Extents } from "../axes.ts";
import type { SegmentLoop, Stage } from "./program.ts";

/** The number of segments, T / S; the last may have fewer steps than the others. */
export const segmentsOf = ({ steps, segment = steps }: Extents): number =>
  Math.ceil(steps / segment);

/**
 * Stages, or runs of them, in their order: those that share a loop over segments together, each other one alone.
 *
 * @param segments the loop that one runs in.
 */
export function bySegmentLoop<T>(
  parts: readonly T[],
  segments: (part: T) => SegmentLoop | undefined,
): T[][] {
  const groups: T[][] = [];
  for (const part of parts) {
    const open = groups.at(-1);
    if (open && segments(part) && segments(open[0]!) === segments(part)) open.push(part);
    else groups.push([part]);
  }
  return groups;
}

/** A stage and the steps that it goes over without a break: those of a segment, or all. */
export interface Visit<T> {
  readonly visited: T;
  readonly first: number;
  readonly steps: number;
}

/** The visits of an iteration, in order. */
export function* visits<T extends { readonly stage: Stage }>(
  stages: readonly T[],
  extents: Extents,
): Generator<Visit<T>> {
  const { steps, segment = steps } = extents;
  const count = segmentsOf(extents);
  for (const group of bySegmentLoop(stages, ({ stage }) => stage.segments)) {
    const order = group[0]!.stage.segments;
    if (!order) {
      yield { visited: group[0]!, first: 0, steps };
      continue;
    }
    for (let turn = 0; turn < count; turn++) {
      const first = segment * (order === "forward" ? turn : count - 1 - turn);
      for (const visited of group) {
        yield { visited, first, steps: Math.min(segment, steps - first) };
      }
    }
  }
}

/**
 * The steps at which a stage runs during a visit, in order.
 *
 * @param only the step of stages that run at one alone.
 */
export function stepsOf(
  { visited: { stage: { loop } }, first, steps }: Visit<{ readonly stage: Stage }>,
  only: number,
): readonly number[] {
  if (loop === "none") return [first];
  if (loop === "one") return [only];
  const forward = Array.from({ length: steps }, (_, count) => first + count);
  return loop === "forward" ? forward : forward.reverse();
}
