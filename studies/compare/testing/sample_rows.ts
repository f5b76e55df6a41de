/** Run folders of rows for tests: the files of a training, without one. */
import { join } from "node:path";
import { setAssignment } from "../../../config/config_file.ts";
import { resolveConfig } from "../../../config/resolve_config.ts";
import { writeConfig } from "../../../store/files/config_file.ts";
import { openMetricsLog } from "../../../store/files/metrics.ts";
import { writeStatus } from "../../../store/files/status.ts";
import { seedsName } from "../../jobs/jobs.ts";
import type { Comparison } from "../comparison.ts";
import type { Draft, Row } from "../row.ts";
import { fitRows } from "../rows/fit_rows.ts";

/** A draft of a row on the small palindromes. */
export const draft = (
  title: string,
  settings: readonly string[],
  rest: Partial<Draft> = {},
): Draft => ({
  title,
  own: ["task.name=2_small_palindrome", ...settings].map(setAssignment),
  ...rest,
});

/** Rows of drafts that share nothing. */
export const rowsOf = (...drafts: readonly Draft[]): Row[] =>
  fitRows(drafts, { shared: [], varied: [], set: [] });

export const comparisonOfRows = (rows: readonly Row[]): Comparison => ({
  name: "sample",
  title: "A sample",
  rows,
  baseline: rows[0]!.name,
  criterion: 0.95,
  seeds: [1, 2],
  iterations: 20,
});

export interface SampleRow {
  readonly row: Row;
  readonly seeds: readonly number[];
  /** Scores on held-out sequences after 10 and 20 updates, and on fresh ones, of each seed; NaN: diverged. */
  readonly scores: readonly (readonly [at10: number, at20: number, fresh: number])[];
  /** Losses on fresh sequences; default: 1 - score. */
  readonly losses?: readonly number[];
  readonly norms?: Readonly<Record<string, readonly number[]>>;
}

/** Writes config, metrics and status of a row whose updates take a tenth of a second and four sequences each. */
export function writeSampleRow(
  out: string,
  { row, seeds, scores, losses = scores.map(([, , fresh]) => 1 - fresh), norms = {} }: SampleRow,
): void {
  const folder = join(out, `${row.name}-${seedsName(seeds)}`);
  Deno.mkdirSync(folder, { recursive: true });
  const settings = [...row.settings, `training.seeds=${seeds.join(",")}`, "training.iterations=20"];
  writeConfig(folder, resolveConfig(settings.map(setAssignment)).config);
  const log = openMetricsLog(join(folder, "metrics.jsonl"));
  const heldOut = (index: 0 | 1) => ({
    "eval/loss": scores.map((of) => 1 - of[index]),
    "eval/recall_accuracy": scores.map((of) => of[index]),
  });
  for (const index of [0, 1] as const) {
    const iteration = 10 * (index + 1);
    log.append({
      ...{ iteration, sequences: 4 * iteration, seconds: iteration / 10 },
      values: heldOut(index),
    });
  }
  log.close();
  const diverged = seeds.flatMap((_, replica) =>
    Number.isNaN(scores[replica]![2]) ? [{ replica, iteration: 15, names: ["eval/loss"] }] : []
  );
  writeStatus(folder, {
    run: row.name,
    state: "finished",
    end_reason: diverged.length === seeds.length ? "diverged" : "completed",
    ...{ iterations: 20, sequences: 80, seconds: 2, device: "cpu" },
    metrics: {
      ...heldOut(1),
      "test/loss": losses,
      "test/recall_accuracy": scores.map(([, , fresh]) => fresh),
      ...norms,
    },
    ...diverged.length > 0 ? { diverged } : {},
  });
}
