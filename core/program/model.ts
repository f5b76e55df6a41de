/** A model: one time step written as equations. */
import type { z } from "zod";
import type { Declaration } from "./declaration.ts";
import type { Value } from "./elementwise.ts";
import type { InputDeclarations } from "./input.ts";
import type { LinearLayer } from "./node.ts";
import type { StageBuilder } from "./program.ts";

export type Declarations = Readonly<Record<string, Declaration>>;
type Values<D> = { readonly [K in keyof D]: Value };

/** What a learning rule may find in a model, beside slow weights. */
export type ModelFeature =
  /** Weights that every sequence has its own copy of. */
  | "fastWeights"
  /** A layer of the role `selfGradient`, which adds to the output error. */
  | "selfGradient";

/**
 * What a user writes of a model; the config's type flows from its zod schema into every function.
 *
 *     defineModel({ name: "leaky", config: z.strictObject({ inputs: z.int() }), fromTask: ["inputs"], ... })
 */
export interface ModelSpec<
  S extends z.ZodType,
  P extends Declarations,
  H extends Declarations,
  X extends InputDeclarations,
> {
  readonly name: string;
  /** One line for `--help` and reports: what it is and where it comes from. */
  readonly summary?: string;
  /** Schema of its settings, each with a description. */
  readonly config: S;
  /** Keys of the config that the task gives (`Task.sizes`), such as `symbols`; nobody else sets them. */
  readonly fromTask?: readonly (string & keyof z.output<S>)[];
  /** What it has beside slow weights, in some config at least. */
  readonly features?: readonly ModelFeature[];
  /** Settings of a small one, for tests and benches; sizes that a task gives are left out. */
  readonly small?: Partial<z.input<S>>;
  /** Slow and fast weights, and constants (`trained: false`). */
  readonly parameters: (config: z.output<S>) => P;
  /** Activity and traces of one sequence, [P, B, ...shape]; every sequence starts from the declared values. */
  readonly state: (config: z.output<S>) => H;
  /** Shapes of the inputs of one sequence, at each step or fixed for all of its steps. */
  readonly inputs: (config: z.output<S>) => X;
  /**
   * One step: from parameters, state and inputs at t to the next state and the output at t.
   * `observed` names values on the way that a loss reads or a probe shows, such as hidden activity.
   * They cost nothing where nobody reads them.
   */
  readonly step: (
    parameters: Values<P>,
    state: Values<H>,
    inputs: Values<X>,
    config: z.output<S>,
  ) => { state: Values<H>; output: Value; observed?: Readonly<Record<string, Value>> };
}

/** The nodes of one traced step of one sequence, by name. */
export interface TracedStep {
  readonly parameters: Readonly<Record<string, Value>>;
  readonly state: Readonly<Record<string, Value>>;
  readonly nextState: Readonly<Record<string, Value>>;
  readonly output: Value;
  readonly observed: Readonly<Record<string, Value>>;
  readonly layers: readonly LinearLayer[];
}

/** A model with its config filled in: a network that updaters can train. */
export interface ModelInstance {
  readonly name: string;
  readonly config: unknown;
  readonly parameters: Declarations;
  readonly state: Declarations;
  readonly inputs: InputDeclarations;
  /**
   * Writes the equations of one step into a stage.
   *
   * @param instead values that stand for parameters, by name; the others are loaded.
   */
  trace(stage: StageBuilder, instead?: Readonly<Record<string, Value>>): TracedStep;
}

/** An entry of the table of models: `instantiate` makes a network of it. */
export interface Model {
  readonly name: string;
  readonly summary: string;
  readonly config: z.ZodType;
  /** Keys of the config that the task gives. */
  readonly fromTask: readonly string[];
  readonly features: readonly ModelFeature[];
  /** Settings of a small one, for tests and benches. */
  readonly small?: Readonly<Record<string, unknown>>;
  /** @throws ZodError if the config does not fit the schema. */
  instantiate(config: unknown): ModelInstance;
}

/**
 * Makes a model from its equations.
 *
 * `instantiate` throws ZodError if the config does not fit the schema, and RangeError if an extent is no
 * whole number of at least 1.
 *
 * @throws RangeError when tracing, if shapes do not fit or the step forgets a state.
 *
 *     const model = defineModel({ name: "rnn", config, parameters, state, inputs, step });
 *     const network = model.instantiate({ neurons: 8 });
 */
export function defineModel<
  S extends z.ZodType,
  P extends Declarations,
  H extends Declarations,
  X extends InputDeclarations,
>(spec: ModelSpec<S, P, H, X>): Model {
  return {
    name: spec.name,
    summary: spec.summary ?? spec.name,
    config: spec.config,
    fromTask: spec.fromTask ?? [],
    features: spec.features ?? [],
    ...spec.small ? { small: spec.small as Readonly<Record<string, unknown>> } : {},
    instantiate(input) {
      const config = spec.config.parse(input);
      const parameters = spec.parameters(config);
      const state = spec.state(config);
      const inputs = spec.inputs(config);
      const load = <D extends object>(stage: StageBuilder, declarations: D): Values<D> =>
        Object.fromEntries(
          Object.keys(declarations).map((name) => [name, stage.load(name)]),
        ) as Values<D>;
      return {
        name: spec.name,
        config,
        parameters,
        state,
        inputs,
        trace(stage, instead = {}) {
          // A graph may be traced twice: for its layers, and with other weights for its values.
          stage.graph.layers.length = 0;
          const loaded = {
            parameters: { ...load(stage, parameters), ...instead },
            state: load(stage, state),
          };
          const { state: nextState, output, observed = {} } = spec.step(
            loaded.parameters,
            loaded.state,
            load(stage, inputs),
            config,
          );
          for (const name of Object.keys(state)) {
            if (!nextState[name]) {
              throw new RangeError(`Model ${spec.name}: the step returns no state "${name}"`);
            }
          }
          for (const name of Object.keys(nextState)) {
            if (!state[name]) {
              throw new RangeError(
                `Model ${spec.name}: the step returns an undeclared state "${name}"`,
              );
            }
          }
          return { ...loaded, nextState, output, observed, layers: [...stage.graph.layers] };
        },
      };
    },
  };
}
