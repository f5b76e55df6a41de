/** The published batch script of the hybrid memory networks as one experiment. */
import type { Experiment } from "../experiment.ts";
import {
  configurationsWith,
  type Optimizer,
  ownOptimizer,
  publishedOptimizer,
  referenceUpdates,
} from "./configurations.ts";
import { hybridReport } from "./report.ts";

const summary = "18 hybrid memory networks on continual scenes, against the published run";

const withOptimizer = (name: string, optimizer: Optimizer): Experiment => {
  const configurations = configurationsWith(optimizer);
  return {
    name,
    summary,
    configurations,
    iterations: referenceUpdates,
    report: (out) => hybridReport(out, { configurations, optimizer }),
  };
};

export const hybrid: Experiment = {
  ...withOptimizer("hybrid", ownOptimizer),
  published: withOptimizer("hybrid-published", publishedOptimizer),
};
