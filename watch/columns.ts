/** The columns of the page's table. */
import { formatBytes } from "../config/build/memory.ts";
import { formatCount, formatSeconds } from "../report/format.ts";
import { ageOf } from "../report/runs/plain_table.ts";
import { metricOf, progressText, spreadText, stateText } from "../report/runs/run_table.ts";
import type { RunFacts, Spread } from "../store/index/run_facts.ts";

/** A run, and what is known of it at this moment alone. */
export interface WatchedRun extends RunFacts {
  /** Of a run that trains; undefined if it is not known. */
  readonly secondsLeft: number | undefined;
}

/** What orders a column: texts, or numbers; null comes last. */
export type SortKey = string | number | null;

export interface Column {
  readonly title: string;
  /** @param now to tell ages. */
  readonly text: (run: WatchedRun, now: Date) => string;
  readonly key: (run: WatchedRun) => SortKey;
  /** Whether the first click shows the largest first. */
  readonly isDownward?: true;
}

/** The share of its iterations that a run has done, 0 to 1; null if it does not say how many it is to do. */
export function shareDone({ iterations, settings }: RunFacts): number | null {
  const goal = settings["training.iterations"];
  return typeof goal === "number" && goal > 0 ? Math.min(1, iterations / goal) : null;
}

const score = (run: RunFacts): Spread | undefined => metricOf(run, run.score);
const loss = (run: RunFacts): Spread | undefined => metricOf(run, "loss");
const meanOf = (spread: Spread | undefined): SortKey =>
  spread && Number.isFinite(spread.mean) ? spread.mean : null;
const known = <T extends string | number>(value: T): T | null => value || null;

/** States that most people look for first; of the others the newest run comes first. */
const states = ["running", "new", "stopped", "failed", "damaged"];

const textColumn = (title: string, text: (run: WatchedRun) => string): Column => ({
  title,
  text,
  key: (run) => known(text(run)),
});

/** The first one names the run. */
export const columns: readonly Column[] = [
  textColumn("Run", ({ path }) => path),
  {
    title: "State",
    text: stateText,
    key: ({ state }) => states.includes(state) ? states.indexOf(state) : states.length,
  },
  { title: "Progress", text: progressText, key: shareDone, isDownward: true },
  {
    title: "Left",
    text: ({ secondsLeft }) => secondsLeft === undefined ? "" : formatSeconds(secondsLeft),
    key: ({ secondsLeft }) => secondsLeft ?? null,
  },
  {
    title: "Score",
    text: (run) => run.score === "" || !score(run) ? "" : `${spreadText(score(run))} ${run.score}`,
    key: (run) => meanOf(score(run)),
    isDownward: true,
  },
  { title: "Loss", text: (run) => spreadText(loss(run)), key: (run) => meanOf(loss(run)) },
  {
    title: "Time",
    text: ({ seconds }) => formatSeconds(seconds),
    key: ({ seconds }) => seconds,
    isDownward: true,
  },
  {
    title: "Memory",
    text: ({ memory }) => memory === 0 ? "" : formatBytes(memory),
    key: ({ memory }) => known(memory),
    isDownward: true,
  },
  {
    title: "Updated",
    text: ({ updated }, now) => updated === "" ? "" : `${ageOf(updated, now)} ago`,
    key: ({ updated }) => known(updated),
    isDownward: true,
  },
  {
    title: "Networks",
    text: ({ replicas }) => formatCount(replicas),
    key: ({ replicas }) => replicas,
    isDownward: true,
  },
  textColumn("Task", ({ task }) => task),
  textColumn("Model", ({ model }) => model),
  textColumn("Rule", ({ updater }) => updater),
  // What else the name of a device says is long.
  textColumn("Device", ({ device }) => device.split(",")[0]!),
];
