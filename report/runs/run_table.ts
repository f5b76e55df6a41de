/** The table of a list of runs. */
import { type FieldOf, findField, metricNames } from "../../store/index/run_fields.ts";
import type { RunFacts, Spread } from "../../store/index/run_facts.ts";
import { textOf } from "../../store/index/select_runs.ts";
import { formatCount, formatNumber, formatSeconds } from "../format.ts";
import { ageOf } from "./plain_table.ts";

interface Column {
  readonly title: string;
  readonly of: (run: RunFacts) => string;
}

/**
 * A heading, and a line for each run.
 *
 * @param options.columns names of fields to show; default: what most people look for first.
 * @throws UsageError for a name that no run has.
 */
export function runTable(
  runs: readonly RunFacts[],
  { columns: names, now = new Date() }: { columns?: readonly string[]; now?: Date } = {},
): string[][] {
  const columns = names
    ? [pathColumn, ...names.map((name) => namedColumn(runs, name))]
    : usual(runs, now);
  return [
    columns.map(({ title }) => title),
    ...runs.map((run) => columns.map(({ of }) => of(run))),
  ];
}

const pathColumn: Column = { title: "RUN", of: ({ path }) => path };

function usual(runs: readonly RunFacts[], now: Date): Column[] {
  const scores = new Set(runs.map(({ score }) => score).filter((score) => score !== ""));
  const [score] = scores;
  const hasForks = runs.some(({ forkedFrom }) => forkedFrom !== "");
  return [
    pathColumn,
    { title: "STATE", of: stateText },
    { title: "ITERATIONS", of: progressText },
    { title: "NETWORKS", of: ({ replicas }) => formatCount(replicas) },
    { title: "TASK", of: ({ task }) => task },
    { title: "MODEL", of: ({ model }) => model },
    { title: "UPDATER", of: ({ updater }) => updater },
    {
      title: scores.size === 1 ? score!.toUpperCase() : "SCORE",
      of: (run) => {
        const text = spreadText(metricOf(run, run.score));
        return scores.size === 1 || text === "" ? text : `${text} ${run.score}`;
      },
    },
    { title: "LOSS", of: (run) => spreadText(metricOf(run, "loss")) },
    { title: "TIME", of: ({ seconds }) => formatSeconds(seconds) },
    { title: "UPDATED", of: ({ updated }) => updated === "" ? "" : `${ageOf(updated, now)} ago` },
    ...hasForks ? [{ title: "FORKED FROM", of: (run: RunFacts) => run.forkedFrom }] : [],
  ];
}

function namedColumn(runs: readonly RunFacts[], name: string): Column {
  const field: FieldOf = findField(runs, name);
  return {
    title: name,
    of: (run) => {
      const value = field(run);
      if (value === undefined) return "";
      // What looks like a small integer may be a setting: it is shown as it would be typed.
      return typeof value === "number" && !Number.isInteger(value)
        ? formatNumber(value)
        : textOf(value);
    },
  };
}

/** How a run ended, and how many of its networks have diverged. */
export function stateText({ state, diverged, replicas }: RunFacts): string {
  const words = state.replaceAll("_", " ");
  return diverged > 0 && replicas > 1 ? `${words}, ${diverged} diverged` : words;
}

export function progressText({ iterations, settings }: RunFacts): string {
  const goal = settings["training.iterations"];
  return typeof goal === "number"
    ? `${formatCount(iterations)}/${formatCount(goal)}`
    : formatCount(iterations);
}

/** The newest value of a metric that is named without a split. */
export const metricOf = ({ metrics }: RunFacts, name: string): Spread | undefined => {
  const found = metricNames(name).find((metric) => Object.hasOwn(metrics, metric));
  return found === undefined ? undefined : metrics[found];
};

/** The mean, and the range where there is one. */
export function spreadText(spread: Spread | undefined): string {
  if (!spread) return "";
  const { mean, low, high } = spread;
  const [middle, ...ends] = [mean, low, high].map((value) =>
    formatNumber(Number(value.toPrecision(3)))
  );
  return low === high || Number.isNaN(mean) ? middle! : `${middle} (${ends.join(" to ")})`;
}
