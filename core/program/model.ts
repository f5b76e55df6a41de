/** A model: one time step written as equations. */
import { z } from "../../deps/zod.ts";
import type { Declaration } from "./declaration.ts";
import type { Value } from "./elementwise.ts";
import type { InputDeclarations } from "./input.ts";
import type { LinearLayer } from "./node.ts";
import { CodeError } from "../code_error.ts";
import { calledFunction, callerPlace, definedAt, userPlace } from "../code_place.ts";
import { checkKeys, type KeysOf } from "./check_spec.ts";
import { checkDeclarations, checkDistinct, checkStep } from "./check_step.ts";
import { placeOf } from "./place_of.ts";
import type { StageBuilder } from "./program.ts";
import type { RandomNumbers } from "./random_numbers.ts";
import type { SettingsSchema } from "./settings_schema.ts";

/** What a model declares, by name: its parameters, or its state. */
export type Declarations = Readonly<Record<string, Declaration>>;

/** A traced value for each declared name. */
export type ValuesOf<D> = { readonly [Name in keyof D]: Value };

/** What a learning rule may find in a model, beside slow weights. */
export type ModelFeature =
  /** Weights that every sequence has its own copy of. */
  | "fastWeights"
  /** A layer of the role `selfGradient`, which adds to the output error. */
  | "selfGradient";

/** Settings of a model that has none. */
export type NoSettings = Readonly<Record<string, never>>;

/** The settings I as a user of a model gives them: sizes K, which a task may give (`task.sizes`), are optional. */
export type ModelSettings<I, K> = Omit<I, K & keyof I> & Partial<Pick<I, K & keyof I>>;

/**
 * What a user writes of a model. The type C of the settings flows from the schema into every function,
 * the names of parameters P, state H and inputs X into the step, and the names K of sizes and the type I of
 * what is given into the settings of `instantiate`.
 *
 * @example
 * defineModel({ name: "leaky", config: z.strictObject({ inputs: z.int() }), fromTask: ["inputs"],
 *   parameters, state, inputs, step });
 */
export interface ModelSpec<
  C,
  P extends Declarations,
  H extends Declarations,
  X extends InputDeclarations,
  K extends string & keyof C = never,
  I = C,
> {
  /** What errors, help and reports call it. */
  readonly name: string;
  /** One line for `--help` and reports: what it is and where it comes from. Default: the name. */
  readonly summary?: string;
  /** Schema of its settings, each with a description. Default: it has none. */
  readonly config?: SettingsSchema<C, I>;
  /** Keys of the config that the task gives (`Task.sizes`), such as `symbols`; nobody else sets them. */
  readonly fromTask?: readonly K[];
  /** What it has beside slow weights, in some config at least. */
  readonly features?: readonly ModelFeature[];
  /** Settings of a small one, for tests and benches; sizes that a task gives are left out. */
  readonly small?: Partial<C>;
  /** Slow weights [P, ...shape], fast weights [P, B, ...shape], and constants (`trained: false`). */
  readonly parameters: (config: C) => P;
  /** Activity and traces of one sequence, [P, B, ...shape]; every sequence starts from the declared values. */
  readonly state: (config: C) => H;
  /** Shapes of the inputs of one sequence, at each step or fixed for all of its steps. */
  readonly inputs: (config: C) => X;
  /**
   * One step: from parameters, state and inputs at t to the next state and the output at t.
   * `observed` names values on the way that a loss reads or a probe shows, such as hidden activity.
   * They cost nothing where nobody reads them. `random` draws noise, of each sequence and step its own.
   */
  readonly step: (
    parameters: ValuesOf<P>,
    state: ValuesOf<H>,
    inputs: ValuesOf<X>,
    config: C,
    random: RandomNumbers,
  ) => {
    readonly state: ValuesOf<H>;
    readonly output: Value;
    readonly observed?: Readonly<Record<string, Value>>;
  };
}

/** The values of one traced step of one sequence, by name. */
export interface TracedStep {
  /** Weights and constants, as loaded or as they were replaced. */
  readonly parameters: Readonly<Record<string, Value>>;
  /** The state before the step. */
  readonly state: Readonly<Record<string, Value>>;
  /** The state after the step. */
  readonly nextState: Readonly<Record<string, Value>>;
  /** What the network puts out at the step. */
  readonly output: Value;
  /** What the model names on the way. */
  readonly observed: Readonly<Record<string, Value>>;
  /** What the model made with `linear`, in the order of its equations. */
  readonly layers: readonly LinearLayer[];
}

/** A model with its config filled in: a network that learning rules can train. */
export interface ModelInstance {
  /** Name of the model. */
  readonly name: string;
  /** The settings, complete. */
  readonly config: unknown;
  /** Its slow and fast weights and constants. */
  readonly parameters: Declarations;
  /** Its activity and traces. */
  readonly state: Declarations;
  /** What it reads of a task. */
  readonly inputs: InputDeclarations;
  /**
   * Writes the equations of one step into a stage.
   *
   * @param instead values that stand for parameters, by name; the others are loaded.
   * @throws RangeError if shapes do not fit; CodeError if the step does not return what is declared.
   */
  trace(stage: StageBuilder, instead?: Readonly<Record<string, Value>>): TracedStep;
}

/**
 * An entry of the table of models: `instantiate` makes a network of it. `Input` is the type of its settings,
 * in which those with defaults, and sizes that a task gives, are optional.
 */
export interface Model<Input = unknown> {
  /** What commands and reports call it. */
  readonly name: string;
  /** One line for `--help` and reports. */
  readonly summary: string;
  /** Schema of its settings; commands read the fields of a zod object. */
  readonly config: SettingsSchema;
  /** Keys of the config that the task gives. */
  readonly fromTask: readonly string[];
  /** What it has beside slow weights, in some config at least. */
  readonly features: readonly ModelFeature[];
  /** Settings of a small one, for tests and benches. */
  readonly small?: Readonly<Record<string, unknown>>;
  /**
   * Makes the network of some settings; missing ones take their defaults.
   *
   * @throws what the schema throws (ZodError) if the config does not fit it.
   * @throws RangeError if an extent is no whole number of at least 1.
   */
  instantiate(config?: Input): ModelInstance;
}

/**
 * Makes a model from its equations.
 *
 * @throws CodeError for a key that is unknown or missing. So do `instantiate` and `trace` where what the
 *   functions return is not as declared; the error names the line.
 * @example
 * const model = defineModel({ name: "rnn", config, parameters, state, inputs, step });
 * const network = model.instantiate({ neurons: 8 });
 */
export function defineModel<
  C = NoSettings,
  P extends Declarations = Declarations,
  H extends Declarations = Declarations,
  X extends InputDeclarations = InputDeclarations,
  K extends string & keyof C = never,
  I = C,
>(spec: ModelSpec<C, P, H, X, K, I>): Model<ModelSettings<I, K>> {
  checkKeys("defineModel", spec, {
    keys: specKeys,
    functions: ["parameters", "state", "inputs", "step"],
    schema: "config",
  });
  const { config: schema = noSettings as SettingsSchema<unknown> as SettingsSchema<C> } = spec;
  const place = callerPlace();
  const model = {
    name: spec.name,
    summary: spec.summary ?? spec.name,
    config: schema,
    fromTask: spec.fromTask ?? [],
    features: spec.features ?? [],
    ...spec.small ? { small: spec.small as Readonly<Record<string, unknown>> } : {},
    instantiate: (settings: unknown) =>
      definedAt(instantiate(spec, schema.parse(settings ?? {}), place), place),
  };
  return definedAt(model, place);
}

// deno-lint-ignore no-explicit-any -- every model has these keys, whatever its names.
const specKeys: KeysOf<ModelSpec<any, any, any, any, any, any>> = {
  name: "required",
  summary: "optional",
  config: "optional",
  fromTask: "optional",
  features: "optional",
  small: "optional",
  parameters: "required",
  state: "required",
  inputs: "required",
  step: "required",
};

function instantiate<
  C,
  P extends Declarations,
  H extends Declarations,
  X extends InputDeclarations,
>(
  spec: Pick<ModelSpec<C, P, H, X>, "name" | "parameters" | "state" | "inputs" | "step">,
  config: C,
  place: () => string | undefined,
): ModelInstance {
  const { name } = spec;
  const parameters = spec.parameters(config);
  const state = spec.state(config);
  const inputs = spec.inputs(config);
  checkDeclarations(`Model ${name}: parameters`, parameters, place);
  checkDeclarations(`Model ${name}: state`, state, place);
  checkDistinct(name, { "a parameter": parameters, "a state": state, "an input": inputs }, place);
  return {
    name,
    config,
    parameters,
    state,
    inputs,
    trace(stage, instead = {}) {
      const loaded = {
        parameters: { ...loadAll(stage, parameters), ...instead },
        state: loadAll(stage, state),
        inputs: loadAll(stage, inputs),
      };
      const step = () => {
        // A graph may be traced twice: for its layers, and with other weights for its values.
        stage.graph.layers.length = 0;
        const { parameters, state, inputs } = loaded;
        // Random numbers are opened for each trace: two traces of a step draw the same ones.
        return spec.step(parameters, state, inputs, config, stage.random("model"));
      };
      const returned = withNames(name, loaded, step);
      checkStep(returned, {
        name,
        state,
        place,
        placeOf: (value) => placeOf(value.graph, step, value),
      });
      const { state: nextState, output, observed = {} } = returned;
      const { parameters: weights, state: before } = loaded;
      return {
        parameters: weights,
        state: before,
        nextState,
        output,
        observed,
        layers: [...stage.graph.layers],
      };
    },
  };
}

const noSettings = z.strictObject({}).describe("No settings");

/**
 * Runs a step. What an operation makes of an undefined name is an error in the library's words: the names
 * that there are say more.
 */
function withNames<R>(
  model: string,
  loaded: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  step: () => R,
): R {
  try {
    return step();
  } catch (error) {
    const operation = error instanceof TypeError ? calledFunction(error) : undefined;
    if (operation === undefined) throw error;
    const { message } = error as Error;
    // The words of the engine name what the library reads, not what it was given.
    const problem = /^Cannot /.test(message)
      ? `${operation}: expected a traced value, got undefined`
      : message;
    const names = Object.entries(loaded)
      .map(([kind, values]) => `${kind} ${Object.keys(values).join(", ") || "none"}`);
    throw new CodeError(
      `Model ${model}: ${problem}; the step is given ${names.join("; ")}`,
      userPlace(error),
    );
  }
}

const loadAll = <D extends object>(stage: StageBuilder, declarations: D): ValuesOf<D> =>
  Object.fromEntries(
    Object.keys(declarations).map((name) => [name, stage.load(name)]),
  ) as ValuesOf<D>;
