/** The table of models. Help, tests and benches go over it, so a new model is one more line here. */
import type { Model } from "../core/program/model.ts";
import { attractor } from "./attractor.ts";
import { binding } from "./binding.ts";
import { ethereal } from "./ethereal.ts";
import { hybrid } from "./hybrid.ts";
import { neuromodulatedRnn } from "./neuromodulated_rnn.ts";
import { ojaRnn } from "./oja_rnn.ts";
import { plasticRnn } from "./plastic_rnn.ts";
import { simpleRnn } from "./simple_rnn.ts";
import type {
  AttractorSettings,
  BindingSettings,
  EtherealSettings,
  HybridSettings,
  NeuromodulatedRnnSettings,
  OjaRnnSettings,
  PlasticRnnSettings,
  RnnSettings,
} from "./settings.ts";

/** The table of models, each with the type of its settings. */
export type Models = {
  /** The Ethereal RNN. */
  readonly ethereal: Model<EtherealSettings>;
  /** The simple RNN. */
  readonly rnn: Model<RnnSettings>;
  /** The hybrid memory network. */
  readonly hybrid: Model<HybridSettings>;
  /** The plastic RNN with Hebb's rule. */
  readonly plastic_rnn: Model<PlasticRnnSettings>;
  /** The plastic RNN with Oja's rule. */
  readonly oja_rnn: Model<OjaRnnSettings>;
  /** The plastic RNN whose plasticity is modulated by the network itself. */
  readonly neuromodulated_rnn: Model<NeuromodulatedRnnSettings>;
  /** The attractor RNN. */
  readonly attractor: Model<AttractorSettings>;
  /** The binding network. */
  readonly binding: Model<BindingSettings>;
};

/**
 * Every model, by the name that commands call it.
 *
 * @example
 * const network = models.plastic_rnn.instantiate({ inputs: 8 });
 */
export const models: Models = {
  ethereal,
  rnn: simpleRnn,
  hybrid,
  plastic_rnn: plasticRnn,
  oja_rnn: ojaRnn,
  neuromodulated_rnn: neuromodulatedRnn,
  attractor,
  binding,
};

/**
 * The model with a name that is known only when the program runs.
 *
 * @throws RangeError that lists all models.
 * @example
 * const network = findModel(Deno.args[0] ?? "rnn").instantiate(task.sizes);
 */
export function findModel(name: string): Model {
  const table: Readonly<Record<string, Model>> = models;
  if (Object.hasOwn(table, name)) return table[name]!;
  const names = Object.keys(table).join(", ");
  throw new RangeError(`No model is named ${JSON.stringify(name)}; models are ${names}`);
}
