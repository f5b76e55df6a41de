/** One run in a screenful of text: what it is, how far it is, what is special about it, and its newest metrics. */
import type { MetricFacts } from "../../core/losses/loss_metric.ts";
import { mean } from "../../core/numerics/statistics.ts";
import { boundedInterval, withoutSplit } from "./metric_interval.ts";
import type { ChangedSetting } from "../../config/changed_settings.ts";
import type { Numbers } from "../../store/files/json_number.ts";
import type { RunFacts } from "../../store/index/run_facts.ts";
import { textOf } from "../../store/index/select_runs.ts";
import { formatCount, formatNumber, formatSeconds } from "../format.ts";
import { plainTable } from "./plain_table.ts";

/** What is known of a run beside its facts. */
export interface RunDescription {
  readonly facts: RunFacts;
  /** As it was typed; empty if that is not known. */
  readonly commandLine: readonly string[];
  readonly seeds: readonly unknown[];
  /** Values of swept settings, by path. */
  readonly sweep: Readonly<Record<string, readonly unknown[]>>;
  /** Undefined where its code is not at hand. */
  readonly changed: readonly ChangedSetting[] | undefined;
  /** What is known of metrics, by name without a split. */
  readonly metricFacts: Readonly<Record<string, MetricFacts>>;
  /** Newest metrics, one value or one a network. */
  readonly metrics: Readonly<Record<string, Numbers>>;
  /** Iterations of the checkpoints, newest first. */
  readonly checkpoints: readonly number[];
}

export function descriptionLines(run: RunDescription): string[] {
  const { facts, changed, checkpoints } = run;
  return [
    `${facts.path}: ${headline(run)}`,
    ...plainTable(
      [
        ["task", facts.task],
        ["model", facts.model],
        ["updater", facts.updater],
        ["seeds", listText(run.seeds)],
        ...Object.entries(run.sweep).map(([path, values]) => [`sweep ${path}`, listText(values)]),
        ["started", facts.started],
        ["updated", facts.updated],
        ["device", facts.device],
        ["forked from", forkText(facts)],
        ["command", run.commandLine.join(" ")],
        ["checkpoints", listText(checkpoints)],
      ].filter(([, value]) => value !== "").map(([name, value]) => [`  ${name}`, value!]),
    ),
    "",
    ...changedLines(facts, changed),
    "",
    ...metricLines(run),
  ];
}

const forkText = ({ forkedFrom, forkedAt }: RunFacts): string =>
  forkedFrom === "" ? "" : `${forkedFrom} at iteration ${formatCount(forkedAt)}`;

function headline({ facts }: RunDescription): string {
  const { state, message, iterations, replicas, diverged, seconds, settings } = facts;
  const goal = settings["training.iterations"];
  const of = typeof goal === "number" ? ` of ${formatCount(goal)}` : "";
  return [
    state.replaceAll("_", " "),
    `${formatCount(iterations)}${of} iterations`,
    replicas === 1 ? "1 network" : `${formatCount(replicas)} networks`,
    ...diverged > 0 ? [`${formatCount(diverged)} diverged`] : [],
    formatSeconds(seconds),
    ...message === "" ? [] : [message],
  ].join(", ");
}

function changedLines(
  { settings }: RunFacts,
  changed: readonly ChangedSetting[] | undefined,
): string[] {
  if (changed?.length === 0) return ["settings: all as by default"];
  if (changed) {
    return [
      "settings that differ from the defaults:",
      ...plainTable(
        changed.map(({ path, value, fallback }) => [
          `  ${path}`,
          value === undefined ? "not set" : textOf(value),
          fallback === undefined ? "" : `default ${textOf(fallback)}`,
        ]),
      ),
    ];
  }
  return [
    "settings (its code is not at hand, so their defaults are not known):",
    ...plainTable(Object.entries(settings).map(([path, value]) => [`  ${path}`, textOf(value)])),
  ];
}

function metricLines({ metrics, metricFacts }: RunDescription): string[] {
  const entries = Object.entries(metrics);
  if (entries.length === 0) return ["no metrics yet"];
  const hasSeveral = entries.some(([, values]) => [values].flat().length > 1);
  return [
    hasSeveral
      ? "newest metrics (mean and 95% interval over networks, lowest, highest):"
      : "newest metrics:",
    ...plainTable(
      entries.map((
        [name, values],
      ) => [`  ${name}`, ...metricCells([values].flat(), metricFacts[withoutSplit(name)])]),
    ),
  ];
}

/** The mean with its interval, and the ends of the values. */
function metricCells(values: readonly number[], facts: MetricFacts | undefined): string[] {
  const finite = values.filter(Number.isFinite);
  if (values.length === 1) return [digits(values[0]!)];
  if (finite.length === 0) return ["not finite"];
  const interval = boundedInterval(finite, facts);
  const others = values.length - finite.length;
  return [
    digits(mean(finite)),
    interval ? `[${digits(interval.low)}, ${digits(interval.high)}]` : "",
    digits(Math.min(...finite)),
    digits(Math.max(...finite)),
    others === 0 ? "" : `${others} not finite`,
  ];
}

const digits = (value: number): string =>
  Number.isFinite(value) ? formatNumber(Number(value.toPrecision(4))) : String(value);

/** A list, cut where it is long. */
const listText = (values: readonly unknown[]): string =>
  values.slice(0, MOST_LISTED).map(textOf).join(", ") +
  (values.length > MOST_LISTED ? ` and ${formatCount(values.length - MOST_LISTED)} more` : "");

const MOST_LISTED = 12;
