/** The published batch script of the hybrid memory networks as one experiment. */
import type { Experiment } from "../experiment.ts";
import { hybridConfigurations, referenceUpdates } from "./configurations.ts";
import { hybridReport } from "./report.ts";

export const hybrid: Experiment = {
  name: "hybrid",
  summary: "18 hybrid memory networks on continual scenes, against the published run",
  configurations: hybridConfigurations,
  iterations: referenceUpdates,
  report: hybridReport,
};
