/** Updates of slow weights, which all sequences of a replica share. */
import { describeShape, sameShape, type Shape, sizeOf } from "../core/axes.ts";
import { CodeError } from "../core/code_error.ts";
import { didYouMean } from "../core/similar_name.ts";
import type { Declarations } from "../core/program/model.ts";
import { add, column, equal, iota, row, where } from "../core/program/language.ts";
import type { Value } from "../core/program/elementwise.ts";
import type { ProgramBuilder, StageBuilder } from "../core/program/program.ts";
import { type SlowWeightConfig, slowWeightOptimizer } from "./optimizers/config.ts";
import { type Changes, mapChanges, type Optimizer } from "./optimizers/transform.ts";
import { keepGradients } from "./probes.ts";
import { GRADIENT_NORM } from "./measure.ts";
import { accumulate } from "./accumulate.ts";
import { norm } from "./norm.ts";
import { CannotTrain, type Learning } from "./updater.ts";

/**
 * Most trained numbers whose gradient norm is measured where no bound asks for it. The norm takes gradients
 * that are kept, and a large network is faster where each is applied as soon as it is known.
 */
const MOST_NUMBERS = 1 << 17;

/** Declares the memory of an optimizer for every slow weight that is trained. */
export function declareOptimizer(
  builder: ProgramBuilder,
  optimizer: Optimizer,
  parameters: Declarations,
): void {
  const shapes = Object.entries(parameters)
    .filter(([, { trained, fast }]) => trained && !fast)
    .map(([name, { shape }]) => [name, shape] as const);
  optimizer.declare?.(builder, new Map<string, Shape>(shapes));
}

/**
 * Updates every trained parameter that has a gradient; fixed diagonals stay, and so do constants, of which a
 * rule that goes from layer to layer may give gradients too.
 *
 * @throws CodeError for a gradient of no parameter, or of another shape; CannotTrain for fast weights.
 */
export function updateShared(
  stage: StageBuilder,
  { gradients, optimizer, parameters }: {
    gradients: Changes;
    optimizer: Optimizer;
    parameters: Declarations;
  },
): void {
  if (gradients.size === 0) return;
  for (const [name, { shape }] of gradients) {
    const parameter = Object.hasOwn(parameters, name) ? parameters[name]!.shape : undefined;
    if (parameter && sameShape(parameter, shape)) continue;
    const names = Object.keys(parameters);
    throw new CodeError(
      parameter
        ? `The gradient of "${name}" is a ${describeShape(shape)}, expected a ${
          describeShape(parameter)
        }`
        : `A gradient of "${name}", which is no parameter${didYouMean(name, names)}; there are ` +
          names.join(", "),
    );
  }
  const fast = [...gradients.keys()].find((name) => parameters[name]!.fast);
  if (fast !== undefined) {
    throw new CannotTrain(`"${fast}" is fast, but no plastic layer says how it changes`);
  }
  const trained = new Map([...gradients].filter(([name]) => parameters[name]!.trained));
  const moved = movable(stage, { gradients: trained, parameters });
  for (const [name, change] of optimizer.apply(moved, stage)) {
    const value = stage.load(name);
    const next = add(value, change);
    const fixed = fixedDiagonal(stage, parameters, name);
    stage.store(name, fixed ? where(fixed, value, next) : next);
  }
}

/** 1 on the diagonal of a parameter whose diagonal is fixed. */
function fixedDiagonal(
  stage: StageBuilder,
  parameters: Declarations,
  name: string,
): Value | undefined {
  if (parameters[name]!.diagonal === undefined) return undefined;
  const value = stage.load(name);
  const [post, pre] = value.shape as readonly [number, number];
  return equal(column(iota(value, post)), row(iota(value, pre)));
}

/** Gradients of what may move: that of a fixed diagonal must not count in a norm either. */
const movable = (
  stage: StageBuilder,
  { gradients, parameters }: { gradients: Changes; parameters: Declarations },
): Changes =>
  mapChanges(gradients, (gradient, name) => {
    const fixed = fixedDiagonal(stage, parameters, name);
    return fixed ? where(fixed, 0, gradient) : gradient;
  });

/**
 * Updates all slow weights from their exact gradients; keeps the norm of these, as the loss gives them, for
 * `measure`, and the gradients themselves with `probe`.
 *
 * @param gradientOf the gradient of a parameter, [P, ...shape]; undefined: the loss does not depend on it.
 * @param isUpdated chooses the parameters; default: all.
 */
export function updateSlowWeights(
  stage: StageBuilder,
  { builder, learning, config, gradClip, weightDecay, gradientOf, isUpdated = () => true }: {
    builder: ProgramBuilder;
    learning: Learning;
    config: Partial<SlowWeightConfig>;
    /** Bound on the norm of all gradients together (0: off). */
    gradClip: number;
    /** Share of each matrix that an update takes away; default: 0. */
    weightDecay?: number | undefined;
    gradientOf: (name: string) => Value | undefined;
    isUpdated?: (name: string) => boolean;
  },
): void {
  const { parameters } = learning.model;
  const optimizer = slowWeightOptimizer(config, { gradClip, weightDecay });
  declareOptimizer(builder, optimizer, parameters);
  const gradients = new Map<string, Value>();
  for (const [name, { trained }] of Object.entries(parameters)) {
    if (!trained || !isUpdated(name)) continue;
    const gradient = gradientOf(name);
    if (gradient) gradients.set(name, gradient);
  }
  if (learning.probe) {
    const kept = (name: string) => gradients.get(name) ?? gradientOf(name);
    keepGradients(stage, { builder, learning, gradientOf: kept });
  }
  const numbers = [...gradients.values()].reduce((count, { shape }) => count + sizeOf(shape), 0);
  const { accumulate_batches: batches = 1 } = config;
  const due = accumulate(stage, { builder, gradients, batches });
  if (numbers > 0 && (numbers <= MOST_NUMBERS || gradClip > 0)) {
    // It stays until the next update, which may come after a resume.
    builder.slot(GRADIENT_NORM, { kind: batches > 1 ? "optimizer" : "state" });
    const moving = movable(stage, { gradients: due.gradients, parameters });
    due.stage.store(GRADIENT_NORM, norm(...moving.values()));
  }
  updateShared(due.stage, { gradients: due.gradients, optimizer, parameters });
}
