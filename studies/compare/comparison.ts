/** A comparison: rows that are trained alike, and what they are judged by. */
import { setAssignment } from "../../config/config_file.ts";
import { buildTask } from "../../config/build/build_run.ts";
import { quote } from "../../config/plain_text.ts";
import { resolveConfig } from "../../config/resolve_config.ts";
import { UsageError } from "../../config/usage_error.ts";
import { didYouMean } from "../../core/similar_name.ts";
import { metricFacts } from "../../core/losses/metric_facts.ts";
import type { Study } from "../experiment.ts";
import type { Row } from "./row.ts";

export interface Comparison {
  /** Name of its folder below `runs/`. */
  readonly name: string;
  readonly title: string;
  readonly rows: readonly Row[];
  readonly studies?: readonly Study[];
  /** Name of the row that the others are compared with. */
  readonly baseline: string;
  /** The score that counts as learned. */
  readonly criterion: number;
  /** Default seeds. */
  readonly seeds: readonly number[];
  /** Default updates of each run. */
  readonly iterations: number;
}

/**
 * The row that others are compared with, by its name or title; default: the first.
 *
 * @throws UsageError if there is none.
 */
export function findBaseline(rows: readonly Row[], asked: string | undefined): string {
  if (asked === undefined) return rows[0]!.name;
  const row = rows.find(({ name, title }) => name === asked || title === asked);
  if (row) return row.name;
  const names = rows.map(({ name }) => name);
  throw new UsageError(
    `--baseline: no row is named ${quote(asked)}${didYouMean(asked, names)}; --list shows them`,
  );
}

/** @throws UsageError if rows are judged by different scores, or a score cannot reach the criterion. */
export function requireComparable(rows: readonly Row[], criterion: number): void {
  const judged = rows.map((row) => {
    const { config } = resolveConfig(row.settings.map(setAssignment));
    const { score, loss } = buildTask(config);
    return { row, score, loss: loss.name, facts: metricFacts(loss, score) };
  });
  const [first] = judged;
  const other = judged.find(({ score, loss }) => score !== first!.score || loss !== first!.loss);
  if (other) {
    throw new UsageError(
      `rows ${quote(first!.row.title)} and ${quote(other.row.title)} are judged differently: by ` +
        `${first!.score} of ${first!.loss} and ${other.score} of ${other.loss}`,
    );
  }
  if (first!.facts.kind === "share" && !(criterion >= 0 && criterion <= 1)) {
    throw new UsageError(
      `--criterion: ${first!.score} is a share, expected 0 to 1, got ${criterion}`,
    );
  }
}
