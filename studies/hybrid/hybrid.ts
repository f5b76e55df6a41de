/** The published batch script of the hybrid memory networks as one experiment. */
import type { Experiment } from "../experiment.ts";
import {
  configurationsWith,
  type Method,
  ownMethod,
  publishedMethod,
  referenceUpdates,
} from "./configurations.ts";
import { hybridReport } from "./report.ts";

const summary = "18 hybrid memory networks on continual scenes, against the published run";

const withMethod = (name: string, method: Method): Experiment => {
  const configurations = configurationsWith(method);
  return {
    name,
    summary,
    configurations,
    iterations: referenceUpdates,
    report: (out) => hybridReport(out, { configurations, method }),
  };
};

export const hybrid: Experiment = {
  ...withMethod("hybrid", ownMethod),
  published: withMethod("hybrid-published", publishedMethod),
};
