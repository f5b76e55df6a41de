/** Changes slow weights, which all sequences of a replica share, by an optimizer. */
import type { Shape } from "../core/axes.ts";
import type { Declarations } from "../core/program/model.ts";
import { add, column, equal, iota, row, where } from "../core/program/language.ts";
import type { ProgramBuilder, StageBuilder } from "../core/program/program.ts";
import { CannotTrain } from "./updater.ts";
import { type Changes, mapChanges, type Transform } from "./optimizers/optimizer.ts";

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

/** Stores parameter + change for every gradient; fixed diagonals stay. @throws CannotTrain for fast weights. */
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
    throw new CannotTrain(`"${fast}" is fast, but no plastic layer says how it changes`);
  }
  const onDiagonal = (name: string) => {
    if (parameters[name]!.diagonal === undefined) return undefined;
    const value = stage.load(name);
    const [post, pre] = value.shape as readonly [number, number];
    return equal(column(iota(value, post)), row(iota(value, pre)));
  };
  // What is not applied must not count in the norm of the gradient either.
  const applied = mapChanges(gradients, (gradient, name) => {
    const fixed = onDiagonal(name);
    return fixed ? where(fixed, 0, gradient) : gradient;
  });
  for (const [name, change] of optimizer.apply(applied, stage)) {
    const value = stage.load(name);
    const next = add(value, change);
    const fixed = onDiagonal(name);
    stage.store(name, fixed ? where(fixed, value, next) : next);
  }
}
