/** Changes slow weights, which all sequences of a replica share, by an optimizer. */
import type { Shape } from "../core/axes.ts";
import type { Declarations } from "../core/program/model.ts";
import { add, column, equal, iota, row, where } from "../core/program/language.ts";
import type { ProgramBuilder, StageBuilder } from "../core/program/program.ts";
import type { Changes, Transform } from "./optimizers/optimizer.ts";

export function declareOptimizer(
  builder: ProgramBuilder,
  optimizer: Transform,
  parameters: Declarations,
): void {
  const shapes = Object.entries(parameters)
    .filter(([, { trained, fast }]) => trained && !fast)
    .map(([name, { shape }]) => [name, shape] as const);
  optimizer.declare?.(builder, new Map<string, Shape>(shapes));
}

/** Stores parameter + change for every gradient; fixed diagonals stay. @throws RangeError for fast weights. */
export function updateShared(
  stage: StageBuilder,
  { gradients, optimizer, parameters }: {
    gradients: Changes;
    optimizer: Transform;
    parameters: Declarations;
  },
): void {
  if (gradients.size === 0) return;
  const fast = [...gradients.keys()].find((name) => parameters[name]!.fast);
  if (fast !== undefined) {
    throw new RangeError(`"${fast}" is fast, but no plastic layer says how it changes`);
  }
  for (const [name, change] of optimizer.apply(gradients, stage)) {
    const value = stage.load(name);
    const next = add(value, change);
    if (parameters[name]!.diagonal === undefined) {
      stage.store(name, next);
      continue;
    }
    const [post, pre] = value.shape as readonly [number, number];
    const onDiagonal = equal(column(iota(value, post)), row(iota(value, pre)));
    stage.store(name, where(onDiagonal, value, next));
  }
}
