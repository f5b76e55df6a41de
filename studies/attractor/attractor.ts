/** The experiment with attractor networks: the published weight learning, and the next steps it names. */
import { currentExamination } from "../../analysis/examine/current_examination.ts";
import type { AfterTraining, Configuration, Experiment } from "../experiment.ts";
import { type AttractorConfiguration, attractorConfigurations } from "./configurations.ts";
import { attractorReport } from "./report.ts";
import { studies } from "./studies.ts";

/** Tries for each share of flipped bits of a network of 64 neurons; larger networks get fewer. */
const TRIES = 200;

const afterTraining: AfterTraining = {
  command: "examine",
  reason(folder) {
    const { examination, problem } = currentExamination(folder);
    return examination ? undefined : problem ?? "no examination";
  },
  args({ configuration, folder }) {
    const neurons = Number(valuesOf(configuration)["task.neurons"] ?? 64);
    return [folder, "--tries", String(Math.round(TRIES * 64 / neurons))];
  },
};

const valuesOf = (configuration: Configuration) => (configuration as AttractorConfiguration).values;

export const attractor: Experiment = {
  name: "attractor",
  summary: "Memories learned as attractors: six published phases and seven next steps",
  configurations: attractorConfigurations,
  studies,
  seeds: [1, 2, 3, 4, 5],
  sideBySide: true,
  iterations: 2000,
  afterTraining,
  report: (out) => attractorReport(out, attractorConfigurations),
};
