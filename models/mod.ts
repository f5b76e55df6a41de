/** The table of models: help, tests and benches go over it. */
import type { Model } from "../core/program/model.ts";
import { ethereal } from "./ethereal.ts";
import { hybrid } from "./hybrid.ts";
import { simpleRnn } from "./simple_rnn.ts";

export const models: Readonly<Record<string, Model>> = { ethereal, rnn: simpleRnn, hybrid };
