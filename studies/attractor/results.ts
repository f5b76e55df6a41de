/** What the runs of the studies have come to, from their folders. */
import { join } from "node:path";
import { readConfig } from "../../store/files/config_file.ts";
import { type MetricsRow, readMetrics } from "../../store/files/metrics.ts";
import { configOf, type Replica, replicasOf } from "../../config/replicas.ts";
import { configAssignments } from "../../config/config_file.ts";
import { resolveConfig } from "../../config/resolve_config.ts";
import type { NetworkExamination } from "../../analysis/examine/examination.ts";
import { currentExamination } from "../../analysis/examine/current_examination.ts";
import { isReplicaBroken } from "../../core/training/measure_row.ts";
import { statusOf } from "../jobs/job_state.ts";
import { forEachRun, keepFurther } from "../jobs/run_folders.ts";
import type { AttractorConfiguration } from "./configurations.ts";

/**
 * not converged: within all updates of its configuration. stopped: before that, as preempted or shortened
 * runs are. ended: trained beside one that diverged, which ended the run of both.
 */
export type Outcome =
  | "converged"
  | "not converged"
  | "diverged"
  | "ended"
  | "training"
  | "stopped";

/** Training as a run saw it, row by row of its metrics. */
export interface History {
  readonly updates: readonly number[];
  readonly retention: readonly number[];
  readonly reaction: readonly number[];
}

export interface NetworkResult {
  readonly seed: number;
  readonly neurons: number;
  readonly memories: number;
  readonly outcome: Outcome;
  /** Until it has converged, or all that it was trained; of a diverged run, until then. */
  readonly updates: number;
  /** By its run, which goes on until all its networks have converged. */
  readonly done: number;
  readonly history: History;
  /** Last value of every metric of the training and its test. */
  readonly metric: (name: string) => number | undefined;
  readonly examination: NetworkExamination | undefined;
}

/** The networks that differ in their seed alone. */
export interface PointResult {
  readonly configuration: AttractorConfiguration;
  /** Of the setting that the configuration sweeps. */
  readonly value: number | undefined;
  readonly title: string;
  readonly networks: readonly NetworkResult[];
}

export interface AttractorResults {
  /** In the order of the configurations, one network a seed; empty of networks where nothing has been trained. */
  readonly points: readonly PointResult[];
  /** Training time of all runs. */
  readonly seconds: number;
}

export function readResults(
  out: string,
  { configurations, problem }: {
    configurations: readonly AttractorConfiguration[];
    problem: (line: string) => void;
  },
): AttractorResults {
  let seconds = 0;
  const points = configurations.flatMap((configuration) => {
    const found = new Map<string, { replica: Replica; networks: Map<number, NetworkResult> }>();
    forEachRun(out, {
      configuration,
      problem,
      use({ folder }) {
        const run = readRun(folder, problem);
        seconds += run.seconds;
        for (const { replica, network } of run.networks) {
          const key = JSON.stringify(replica.settings);
          const entry = found.get(key) ?? { replica, networks: new Map() };
          found.set(key, entry);
          keepFurther(entry.networks, { key: network.seed, found: network, rank: furtherness });
        }
      },
    });
    const { title, sweep } = configuration;
    if (found.size === 0) return [{ configuration, value: undefined, title, networks: [] }];
    return [...found.values()].map(({ replica, networks }): PointResult => ({
      configuration,
      value: sweep === undefined ? undefined : Number(replica.settings[sweep]),
      title,
      networks: [...networks.values()].sort((a, b) => a.seed - b.seed),
    }));
  });
  return { points, seconds };
}

const furtherness = ({ done, examination }: NetworkResult): readonly number[] => [
  done,
  examination ? 1 : 0,
];

function readRun(folder: string, problem: (line: string) => void): {
  networks: { replica: Replica; network: NetworkResult }[];
  seconds: number;
} {
  const stored = readConfig(folder);
  const { config } = resolveConfig(configAssignments(stored, folder), { preset: null });
  const rows = readMetrics(join(folder, "metrics.jsonl"));
  const status = statusOf(folder);
  const isDiverged = status?.end_reason === "diverged";
  const { examination, problem: unusable } = isDiverged
    ? { examination: undefined, problem: undefined }
    : currentExamination(folder);
  if (unusable !== undefined) problem(`examination left out: ${unusable}`);
  const replicas = replicasOf(config);
  const broken = replicas.map((_, place) => isReplicaBroken(status?.metrics ?? {}, place));
  const networks = replicas.map((replica, place) => {
    const { neurons, memories } = configOf(config, replica).task as unknown as {
      neurons: number;
      memories: number;
    };
    const metric = (name: string) => ofReplica(status?.metrics[name], place);
    const hasReached = metric("goal/reached") === 1;
    const outcome: Outcome = isDiverged
      // Where the last metrics do not tell which one it was, it may be any.
      ? broken[place] || !broken.includes(true) ? "diverged" : "ended"
      : hasReached
      ? "converged"
      : status?.end_reason === "unconverged"
      ? "not converged"
      : status?.state === "finished"
      ? "stopped"
      : "training";
    const done = status?.iterations ?? 0;
    const network: NetworkResult = {
      seed: replica.seed,
      neurons,
      memories,
      outcome,
      updates: hasReached && !isDiverged ? metric("goal/updates")! : done,
      done,
      history: historyOf(rows, place),
      metric,
      examination: examination?.networks[place],
    };
    return { replica, network };
  });
  return { networks, seconds: rows.at(-1)?.seconds ?? 0 };
}

const ofReplica = (
  value: number | readonly number[] | undefined,
  place: number,
): number | undefined => typeof value === "number" ? value : value?.[place];

function historyOf(rows: readonly MetricsRow[], place: number): History {
  const finite = rows.filter(({ values }) =>
    Number.isFinite(ofReplica(values["train/retention"], place) ?? NaN)
  );
  const column = (name: string) =>
    finite.map(({ values }) => ofReplica(values[name], place) ?? NaN);
  return {
    updates: finite.map(({ iteration }) => iteration),
    retention: column("train/retention"),
    reaction: column("train/reaction"),
  };
}
