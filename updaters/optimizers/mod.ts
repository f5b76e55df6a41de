/** The table of optimizers; its tests go over it. */
import { adamPublished, adamW, scaleByAdam } from "./adam.ts";
import { decay } from "./decay.ts";
import { hyperparameterNames, type Hyperparameters } from "./hyperparameters.ts";
import { lion } from "./lion.ts";
import { momentum } from "./momentum.ts";
import { scaleByRms } from "./rms.ts";
import { chain, type Optimizer } from "./transform.ts";

/**
 * How slow weights are updated: plain steps or steps with momentum (sgd), with Nesterov momentum .9, RMSprop,
 * Adam (Kingma and Ba, 2015), AdamW with decay .01, Lion, or Adam as one published model has it, whose second
 * moment decays with .9.
 */
export type OptimizerName =
  | "sgd"
  | "adam"
  | "adam_published"
  | "adamw"
  | "lion"
  | "nesterov"
  | "rmsprop";

/** An optimizer of the table. */
export interface OptimizerEntry {
  /** The hyperparameters that it has. */
  readonly takes: readonly (keyof Hyperparameters)[];
  /** Makes it; what is not given is as in PyTorch. */
  make(given: Hyperparameters): Optimizer;
}

const momentumOf = (share: number, nesterov = false): Optimizer =>
  share > 0 ? momentum(share, { nesterov }) : chain();

const adamRates = (
  { betas: [first, second] = [0.9, 0.999], eps: epsilon = 1e-8 }: Hyperparameters,
) => ({
  ...first === undefined ? {} : { first },
  ...second === undefined ? {} : { second },
  epsilon,
});

/** Every optimizer, by its name in settings. */
export const optimizers: Readonly<Record<OptimizerName, OptimizerEntry>> = {
  sgd: {
    takes: ["weight_decay", "momentum", "nesterov"],
    make: ({ weight_decay = 0, momentum = 0, nesterov = false }) =>
      chain(decay(weight_decay), momentumOf(momentum, nesterov)),
  },
  adam: {
    takes: ["betas", "eps", "weight_decay"],
    make: ({ weight_decay = 0, ...given }) =>
      chain(decay(weight_decay), scaleByAdam(adamRates(given))),
  },
  adam_published: {
    takes: ["weight_decay"],
    make: ({ weight_decay = 0 }) => chain(decay(weight_decay), adamPublished),
  },
  adamw: {
    takes: ["betas", "eps", "weight_decay"],
    make: ({ weight_decay = 0.01, ...given }) =>
      adamW({ ...adamRates(given), decay: weight_decay }),
  },
  lion: {
    takes: ["betas", "weight_decay"],
    make: ({ betas: [first = 0.9, second = 0.99] = [], weight_decay = 0 }) =>
      lion({ first, second, decay: weight_decay }),
  },
  nesterov: {
    takes: ["weight_decay", "momentum"],
    make: ({ weight_decay = 0, momentum = 0.9 }) =>
      chain(decay(weight_decay), momentumOf(momentum, true)),
  },
  rmsprop: {
    takes: ["alpha", "eps", "centered", "weight_decay", "momentum"],
    make: ({ alpha: keep = 0.99, eps: epsilon = 1e-8, centered = false, ...given }) =>
      chain(
        decay(given.weight_decay ?? 0),
        scaleByRms({ keep, epsilon, centered }),
        momentumOf(given.momentum ?? 0),
      ),
  },
};

/** The names of the table, as settings list them. */
export const optimizerNames = Object.keys(optimizers) as OptimizerName[];

/**
 * An optimizer of the table.
 *
 * @throws RangeError if it does not have one of the hyperparameters that are given.
 */
export function makeOptimizer(name: OptimizerName, given: Hyperparameters): Optimizer {
  const { takes, make } = optimizers[name];
  const stranger = hyperparameterNames.find((key) =>
    given[key] !== undefined && !takes.includes(key)
  );
  if (stranger !== undefined) {
    const owners = optimizerNames.filter((other) => optimizers[other].takes.includes(stranger));
    throw new RangeError(`${stranger}: optimizer ${name} has none; ${haveIt(owners)}`);
  }
  if (given.nesterov && !given.momentum) {
    throw new RangeError("nesterov: expected a momentum above 0 with it");
  }
  return make(given);
}

/** Such as "adam, adamw have it". */
export const haveIt = (owners: readonly string[]): string =>
  `${owners.join(", ")} ${owners.length === 1 ? "has" : "have"} it`;
