/** What an optimizer is: gradients in, directions out. Chains of transforms are those of optax. */
import type { Shape } from "../../core/axes.ts";
import { CodeError } from "../../core/code_error.ts";
import { describeThing, type Value } from "../../core/program/elementwise.ts";
import type { ProgramBuilder, StageBuilder } from "../../core/program/program.ts";

/** Gradients or what was made of them, [P, ...shape], by the slot of the parameter. */
export type Changes = ReadonlyMap<string, Value>;

/**
 * An optimizer, or a part of one: it turns gradients into directions. A slow weight then moves by
 * -learning_rate · direction. It gets all parameters together, since a norm may be taken over all of them.
 *
 * @example
 * const optimizer: Optimizer = chain(clipByGlobalNorm(1), momentum(0.9), decay(1e-4));
 * const program = bptt.build(learning, { learning_rate: 0.1, optimizer });
 */
export interface Optimizer {
  /** Declares the slots of the transform, of the kind `optimizer`. */
  declare?(builder: ProgramBuilder, parameters: ReadonlyMap<string, Shape>): void;
  /** The directions, and what the transform remembers until the next update. */
  apply(changes: Changes, stage: StageBuilder): Changes;
}

/** Whether a value is an optimizer. */
export const isOptimizer = (value: unknown): value is Optimizer =>
  typeof value === "object" && value !== null && "apply" in value;

/**
 * The transforms, one after the other; without any, gradients are the directions (plain descent).
 *
 * @throws CodeError for what is no optimizer.
 * @example
 * const adamW = chain(scaleByAdam(), decay(0.01)); // Loshchilov and Hutter, 2019
 */
export function chain(...transforms: readonly Optimizer[]): Optimizer {
  for (const transform of transforms) {
    if (isOptimizer(transform)) continue;
    throw new CodeError(`chain: expected optimizers, got ${describeThing(transform)}`);
  }
  return {
    declare: (builder, parameters) =>
      transforms.forEach((transform) => transform.declare?.(builder, parameters)),
    apply: (changes, stage) =>
      transforms.reduce((current, transform) => transform.apply(current, stage), changes),
  };
}

/** Applies a function to every change. */
export const mapChanges = (changes: Changes, f: (change: Value, name: string) => Value): Changes =>
  new Map([...changes].map(([name, change]) => [name, f(change, name)]));
