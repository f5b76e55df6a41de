/** The numbers that open a report: score and loss, both of the most telling sequences. */
import { factsOf, scoreOf } from "../metric_words.ts";
import type { MetricFacts } from "../../core/losses/loss_metric.ts";
import type { RunFiles } from "../run_files.ts";
import { lastMetrics } from "./last_metrics.ts";

/** Splits, the most telling first. */
const splits = [
  { split: "test", where: "on fresh sequences" },
  { split: "eval", where: "on held-out sequences" },
  { split: "train", where: "on training sequences" },
] as const;

/** The last values of one metric. */
export interface Measure {
  /** Without a split. */
  readonly name: string;
  readonly split: typeof splits[number]["split"];
  readonly where: string;
  /** [P] */
  readonly values: readonly number[];
  readonly facts: Partial<MetricFacts>;
}

/** The score, then the loss: each where the run has it. */
export const headline = (files: RunFiles): Measure[] =>
  [...new Set([scoreOf(files), "loss"])].flatMap((name) => measureOf(files, name) ?? []);

/** A metric of the first split that the run logged it of. */
export function measureOf(files: RunFiles, name: string): Measure | undefined {
  const last = lastMetrics(files);
  for (const { split, where } of splits) {
    const values = last.get(`${split}/${name}`);
    if (values) return { name, split, where, values, facts: factsOf(files, name) };
  }
  return undefined;
}

/** How many sequences each network was judged on for a metric; 1, the least, where it is of training. */
export function judgedSequences({ config }: RunFiles, { split }: Measure): number {
  const training = (config["training"] ?? {}) as Readonly<Record<string, unknown>>;
  const count = {
    test: training["test_sequences"],
    eval: training["evaluation_sequences"],
    train: 1,
  }[split];
  return typeof count === "number" && count > 0 ? count : 1;
}
