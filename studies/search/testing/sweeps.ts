/** Sweeps and trials for tests. */
import type { Choice, Parameter, Range, SweepFile } from "../sweep_file.ts";
import type { JsonValue, KnownTrial, Trial } from "../trial.ts";

/** A parameter of a list of values. */
export const choice = (path: string, ...values: JsonValue[]): Parameter => {
  const domain: Choice = {
    kind: "choice",
    values,
    probabilities: values.map(() => 1 / values.length),
  };
  return { path, name: path, domain };
};

/** A parameter of a distribution. */
export const range = (
  path: string,
  distribution: string,
  numbers: Range["numbers"],
): Parameter => ({ path, name: path, domain: { kind: "range", distribution, numbers } });

/** A sweep that minimizes a loss. */
export const sweepOf = (
  parameters: readonly Parameter[],
  others: Partial<SweepFile> = {},
): SweepFile => ({
  method: "random",
  metric: { name: "eval/loss", goal: "minimize" },
  parameters,
  notes: [],
  ...others,
});

/** A trial that has these metrics, one a row. */
export const knownTrial = (
  trial: Trial | number,
  state: KnownTrial["state"],
  ...values: number[]
): KnownTrial => ({
  trial: typeof trial === "number" ? { number: trial, values: {} } : trial,
  state,
  scores: values.map((value, row) => ({ iteration: 10 * (row + 1), value })),
});
