/** The table of models. Help, tests and benches go over it, so a new model is one more line here. */
import type { Model } from "../core/program/model.ts";
import { attractor } from "./attractor.ts";
import { ethereal } from "./ethereal.ts";
import { hybrid } from "./hybrid.ts";
import { neuromodulatedRnn } from "./neuromodulated_rnn.ts";
import { ojaRnn } from "./oja_rnn.ts";
import { plasticRnn } from "./plastic_rnn.ts";
import { simpleRnn } from "./simple_rnn.ts";

/**
 * Every model, by the name that commands call it.
 *
 * @example
 * const network = models.plastic_rnn!.instantiate({ inputs: 8 });
 */
export const models: Readonly<Record<string, Model>> = {
  ethereal,
  rnn: simpleRnn,
  hybrid,
  plastic_rnn: plasticRnn,
  oja_rnn: ojaRnn,
  neuromodulated_rnn: neuromodulatedRnn,
  attractor,
};
