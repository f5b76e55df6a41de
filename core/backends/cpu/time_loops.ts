/** Loops over segments and steps. */
import type { Extents } from "../../axes.ts";
import type { SegmentLoop, Stage } from "../../program/program.ts";
import { segmentsOf } from "../../program/segments.ts";
import { atMost } from "./prove_address.ts";
import { commandWords } from "./worker.ts";

/** A loop over the local `name`, from `from` to `to` - 1. */
export function count(
  name: string,
  from: string,
  to: string,
  body: readonly string[],
): string[] {
  return [
    `(local.set $${name} ${from})`,
    `(block $${name}_end (loop $${name}_loop`,
    `  (br_if $${name}_end (i32.ge_u (local.get $${name}) ${to}))`,
    ...body.map((line) => "  " + line),
    `  (local.set $${name} (i32.add (local.get $${name}) (i32.const 1)))`,
    `  (br $${name}_loop)))`,
  ];
}

/** The stages of a loop over segments: $g is the segment. */
export function overSegments(
  order: SegmentLoop | undefined,
  body: readonly string[],
  extents: Extents,
): string[] {
  if (!order) return [...body];
  const segments = segmentsOf(extents);
  const g = order === "forward"
    ? "(local.get $turn)"
    : `(i32.sub (i32.const ${segments - 1}) (local.get $turn))`;
  return count("turn", "(i32.const 0)", `(i32.const ${segments})`, [
    `(local.set $g ${g})`,
    ...body,
  ]);
}

/** A stage at the steps of segment $g: $u is the step in it. */
function overStepsOfSegment(
  { loop }: Stage,
  body: readonly string[],
  { steps, segment = steps }: Extents,
): string[] {
  const first = `(i32.mul (local.get $g) (i32.const ${segment}))`;
  if (loop === "none") return ["(local.set $u (i32.const 0))", `(local.set $t ${first})`, ...body];
  const left = `(i32.sub (i32.const ${steps}) ${first})`;
  const u = loop === "forward"
    ? "(local.get $step)"
    : "(i32.sub (i32.sub (local.get $length) (i32.const 1)) (local.get $step))";
  return [
    `(local.set $length ${atMost(left, segment)})`,
    ...count("step", "(i32.const 0)", "(local.get $length)", [
      `(local.set $u ${u})`,
      `(local.set $t (i32.add ${first} (local.get $u)))`,
      ...body,
    ]),
  ];
}

/** A stage at all steps that it goes over: $t is the step. */
export function overSteps(stage: Stage, body: readonly string[], extents: Extents): string[] {
  const { loop, segments } = stage;
  const { steps } = extents;
  if (segments) return overStepsOfSegment(stage, body, extents);
  if (loop === "none") return ["(local.set $t (i32.const 0))", ...body];
  if (loop === "one") {
    const step = `(i32.atomic.load (i32.const ${4 * commandWords.step}))`;
    return [`(local.set $t ${atMost(step, steps - 1)})`, ...body];
  }
  const t = loop === "forward"
    ? "(local.get $step)"
    : `(i32.sub (i32.const ${steps - 1}) (local.get $step))`;
  return count("step", "(i32.const 0)", `(i32.const ${steps})`, [`(local.set $t ${t})`, ...body]);
}
