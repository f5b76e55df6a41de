/**
 * The contract of a learning rule: it turns a model and a loss into a program of three procedures.
 *
 * | procedure  | what it does | its stages |
 * |---|---|---|
 * | `train`    | one batch: runs the network, updates its weights | `reset`; loops over steps; updates; `report` |
 * | `evaluate` | the same batch, only judged | `reset`; a loop over steps; `report` |
 * | `measure`  | norms of the weights and of what the last `train` changed | `measure` |
 *
 * `train` and `evaluate` read the inputs of a batch, begin with `beginBatch`, run the model with
 * `stepForward`, which also names the output that tasks in closed loop go on from, and end with
 * `reportCounts`, which writes `metrics/train` and `metrics/evaluate`.
 * `evaluate` may learn inside a sequence, where fast weights are the memory: the engine puts back what
 * it writes. `measure` comes from `measureNorms` and writes `metrics/measure`. The slot
 * `learning_rate` must exist.
 *
 * A rule may declare inputs that the task makes (`ProgramBuilder.slot`), and draw numbers of its own
 * (`StageBuilder.random`).
 *
 * A rule that learns after every step only has to state its gradients; `perStepProgram` does the rest.
 * This one trains the output layer with the delta rule (Widrow and Hoff, 1960):
 *
 * ```ts
 * export const delta = defineUpdater({
 *   name: "delta",
 *   summary: "The delta rule for the output layer, nothing else learns",
 *   config: z.strictObject({ learning_rate: z.number().positive().default(0.01) }),
 *   build: (learning, config) =>
 *     perStepProgram(learning, {
 *       config,
 *       optimizer: "sgd",
 *       trains: ({ role }) => role === "output",
 *       gradients({ loss, output, layers: traced }, { layers }) {
 *         const seed = { value: loss, cotangent: filled(loss, 1, []) };
 *         const error = vjp([seed], [output]).get(output)!.perSequence!;
 *         const index = layers.findIndex(({ role }) => role === "output");
 *         const gradient = batchMean(outer(error, traced[index]!.input));
 *         return new Map([[slotOf(layers[index]!.weight), gradient]]);
 *       },
 *     }),
 * });
 * ```
 *
 * All that it imports is exported by the `mod.ts` of the repository, so it may stand in a script of your
 * own. As one more line of the `mod.ts` of this folder it is listed by help, and gone over by
 * `table_contract_test.ts` and benches.
 */
import type { Extents, Shape } from "../core/axes.ts";
import { CodeError } from "../core/code_error.ts";
import { callerPlace, definedAt } from "../core/code_place.ts";
import type { Loss } from "../core/losses/loss.ts";
import { checkKeys, type KeysOf } from "../core/program/check_spec.ts";
import type { ModelFeature, ModelInstance } from "../core/program/model.ts";
import type { Program } from "../core/program/program.ts";
import type { DeviceName } from "../core/backends/backend.ts";
import type { SettingsSchema } from "../core/program/settings_schema.ts";
import type { FastWeightForm, FastWeightMode } from "./fast_weights.ts";

/** What is to be learned: the network, how its outputs are judged, and P, B and T. */
export interface Learning {
  /** The network. */
  readonly model: ModelInstance;
  /** How its outputs are judged. */
  readonly loss: Loss;
  /** P, B and T. */
  readonly extents: Extents;
  /** Shape of the output that the task judges, to be checked where the network is traced. */
  readonly output?: Shape;
  /**
   * Keeps the output of every step in `probe/output`, states after it in `probe/state/*`, and
   * gradients in `probe/gradient/*`. A rule that learns after every step keeps how far its updates point along
   * the exact gradient in `probe/alignment/*`.
   */
  readonly probe?: boolean;
  /** Whether the task says which sequences continue the one before (`Task.inputs`); default: all begin anew. */
  readonly continues?: boolean;
  /** Batches of the whole training, for schedules that end with it; default: nobody knows. */
  readonly iterations?: number | undefined;
  /**
   * What becomes of fast weights in the procedure `evaluate`, of a rule that writes some inside a sequence.
   * Default: "all".
   */
  readonly fastWeights?: FastWeightMode | undefined;
  /**
   * How fast weights are kept inside a sequence, of a rule that writes some: "stored", a copy for every sequence,
   * or "history", what each step changed, where that is exact. Default: what takes less time. The numbers are equal
   * up to rounding.
   */
  readonly fastWeightForm?: FastWeightForm | undefined;
  /** The device that it is learned on, where that is known: it decides what takes less time. Default: "cpu". */
  readonly device?: DeviceName | undefined;
}

/** What is to be learned, and what the rule uses the axis of sequences for. */
export interface Arrangement extends Learning {
  /**
   * Whether only one sequence runs: then state, inputs and counts have no axis of sequences, and the rule
   * uses that axis for something else (rtrl: virtual sequences).
   */
  readonly hasSingleSequence?: boolean;
}

/** A learning rule cannot train this model, or not with this batch size; the message says why. */
export class CannotTrain extends RangeError {}

/**
 * A learning rule: `build` makes the program that trains a network with it. `Input` is the type of its
 * settings, in which those with defaults are optional.
 */
export interface Updater<Input = unknown> {
  /** What commands and reports call it. */
  readonly name: string;
  /** One line for `--help` and reports. */
  readonly summary: string;
  /** Schema of its settings; commands read the fields of a zod object. */
  readonly config: SettingsSchema;
  /** Settings that act on what not every model has; elsewhere they do nothing. */
  readonly actsOn: Readonly<Record<string, ModelFeature>>;
  /** Settings that do nothing in a model with fast weights, which take plain steps. */
  readonly unusedWithFastWeights: readonly string[];
  /**
   * The program has the procedures `train` (one batch of sequences, weights updated), `evaluate`
   * (the same batch judged; what it writes inside the sequence is put back by the engine) and
   * `measure` (norms of what the last `train` left).
   *
   * @throws what the schema throws (ZodError) if the config does not fit it.
   * @throws CannotTrain if the rule cannot follow what the model computes.
   */
  build(learning: Learning, config?: Input): Program;
}

/**
 * What an author writes of a learning rule. The types of the settings flow from the schema: C complete, I as
 * a user gives them.
 */
export interface UpdaterSpec<C, I = C> {
  /** What commands and reports call it. */
  readonly name: string;
  /** One line for `--help` and reports. Default: the name. */
  readonly summary?: string;
  /** Schema of its settings, each with a description. */
  readonly config: SettingsSchema<C, I>;
  /** Settings that act on what not every model has; default: none. */
  readonly actsOn?: Updater["actsOn"];
  /** Settings that do nothing in a model with fast weights; default: none. */
  readonly unusedWithFastWeights?: Updater["unusedWithFastWeights"];
  /** Makes the program, of checked settings: see `Updater.build`. */
  readonly build: (learning: Learning, config: C) => Program;
}

/**
 * Makes a learning rule whose `build` checks its settings first.
 *
 * @throws CodeError for a key that is unknown or missing. So does `build` for what is no program of these
 *   procedures.
 * @example
 * const config = z.strictObject({ learning_rate: z.number() });
 * const delta = defineUpdater({ name: "delta", summary: "The delta rule", config,
 *   build: (learning, config) => perStepProgram(learning, { config, optimizer: "sgd", trains, gradients }) });
 */
export function defineUpdater<C, I = C>(spec: UpdaterSpec<C, I>): Updater<I> {
  checkKeys("defineUpdater", spec, { keys: specKeys, functions: ["build"], schema: "config" });
  const { summary = spec.name, actsOn = {}, unusedWithFastWeights = [] } = spec;
  const place = callerPlace();
  const updater: Updater<I> = {
    ...spec,
    summary,
    actsOn,
    unusedWithFastWeights,
    build(learning, config) {
      const program = spec.build(learning, spec.config.parse(config ?? {}));
      checkProgram(program, { name: spec.name, place });
      return program;
    },
  };
  return definedAt(updater, place);
}

const specKeys: KeysOf<UpdaterSpec<unknown>> = {
  name: "required",
  summary: "optional",
  config: "required",
  actsOn: "optional",
  unusedWithFastWeights: "optional",
  build: "required",
};

/** @throws CodeError unless a rule has built what training runs. */
function checkProgram(
  program: Program,
  { name, place }: { name: string; place: () => string | undefined },
): void {
  const fail = (problem: string): never => {
    throw new CodeError(`Updater ${name}: ${problem}`, place());
  };
  if (!(program?.procedures instanceof Map)) {
    fail(
      `build returns ${program === undefined ? "nothing" : "something else"}, expected a program`,
    );
  }
  const { procedures, slots } = program;
  const missing = ["train", "evaluate"].find((procedure) => !procedures.has(procedure));
  if (missing !== undefined) fail(`its program has no procedure "${missing}"`);
  const slot = ["learning_rate", "metrics/train", "metrics/evaluate"].find((slot) =>
    !slots.has(slot)
  );
  if (slot !== undefined) fail(`its program has no slot "${slot}"`);
}
