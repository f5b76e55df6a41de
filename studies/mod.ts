/** The table of experiments, by name. */
import type { Experiment } from "./experiment.ts";
import { attractor } from "./attractor/attractor.ts";
import { hybrid } from "./hybrid/hybrid.ts";

export const experiments: Readonly<Record<string, Experiment>> = { hybrid, attractor };
