/** Reads the results of the studies from the folders of their runs. */
import { join } from "node:path";
import { readConfig } from "../../store/files/config_file.ts";
import { readMetrics } from "../../store/files/metrics.ts";
import type { StoredRunStatus } from "../../store/files/status.ts";
import { configOf, type Replica, replicasOf } from "../../config/replicas.ts";
import { configAssignments } from "../../config/config_file.ts";
import { resolveConfig } from "../../config/resolve_config.ts";
import type { NetworkExamination } from "../../analysis/examine/examination.ts";
import { currentExamination } from "../../analysis/examine/current_examination.ts";
import { statusOf } from "../jobs/job_state.ts";
import { forEachRun, keepFurther } from "../jobs/run_folders.ts";
import type { AttractorConfiguration } from "./configurations.ts";

/**
 * How the training of a network ended.
 *
 * - not converged: it has done all updates of its configuration;
 * - stopped: it has done fewer, as its run was preempted or shortened;
 * - diverged: its numbers overflowed; the networks beside it went on.
 */
export type Outcome =
  | "converged"
  | "not converged"
  | "diverged"
  | "training"
  | "stopped";

/** The metrics of a network, by row of its run. */
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
  /** Updates until it converged or diverged; else all that its run has done. */
  readonly updates: number;
  /** Updates of its run, which goes on until all its networks have converged. */
  readonly runUpdates: number;
  readonly history: History;
  /** Last value of a metric of the training or its test. */
  readonly metric: (name: string) => number | undefined;
  readonly examination: NetworkExamination | undefined;
}

/** The networks that differ in their seed alone. */
export interface PointResult {
  readonly configuration: AttractorConfiguration;
  /** Value of the swept setting; undefined without a sweep. */
  readonly value: number | undefined;
  readonly title: string;
  readonly networks: readonly NetworkResult[];
}

export interface AttractorResults {
  /** In the order of the configurations; without networks where nothing has been trained. */
  readonly points: readonly PointResult[];
  /** Training time of all runs. */
  readonly seconds: number;
}

/**
 * Reads the runs of all configurations.
 *
 * @param options.problem receives a line on each folder that cannot be used.
 */
export function readResults(
  out: string,
  { configurations, problem }: {
    configurations: readonly AttractorConfiguration[];
    problem: (line: string) => void;
  },
): AttractorResults {
  let seconds = 0;
  const points = configurations.flatMap((configuration) => {
    const byPoint = new Map<string, { replica: Replica; networks: Map<number, NetworkResult> }>();
    forEachRun(out, {
      configuration,
      problem,
      use({ folder }) {
        const run = readRun(folder, problem);
        seconds += run.seconds;
        for (const { replica, network } of run.networks) {
          const key = JSON.stringify(replica.settings);
          const entry = byPoint.get(key) ?? { replica, networks: new Map() };
          byPoint.set(key, entry);
          keepFurther(entry.networks, { key: network.seed, candidate: network, rank: furtherness });
        }
      },
    });
    const { title, sweep } = configuration;
    if (byPoint.size === 0) return [{ configuration, value: undefined, title, networks: [] }];
    return [...byPoint.values()].map(({ replica, networks }): PointResult => ({
      configuration,
      value: sweep === undefined ? undefined : Number(replica.settings[sweep]),
      title,
      networks: [...networks.values()].sort((a, b) => a.seed - b.seed),
    }));
  });
  return { points, seconds };
}

/** How far a run has come with a network: updates, then whether it was examined. */
const furtherness = ({ runUpdates, examination }: NetworkResult): readonly number[] => [
  runUpdates,
  examination ? 1 : 0,
];

/** The networks of one run, [P], and its training time. */
function readRun(folder: string, problem: (line: string) => void): {
  networks: { replica: Replica; network: NetworkResult }[];
  seconds: number;
} {
  const stored = readConfig(folder);
  const source = join(folder, "config.json");
  const { config } = resolveConfig(configAssignments(stored, source), { source });
  const replicas = replicasOf(config);
  const { histories, seconds } = readHistories(folder, replicas.length);
  const status = statusOf(folder);
  const isDiverged = status?.end_reason === "diverged";
  const { examination, problem: unusable } = isDiverged
    ? { examination: undefined, problem: undefined }
    : currentExamination(folder);
  if (unusable !== undefined) problem(`examination left out: ${unusable}`);
  const divergedAt = new Map(
    status?.diverged?.map(({ replica, iteration }) => [replica, iteration]),
  );
  const runUpdates = status?.iterations ?? 0;
  const networks = replicas.map((replica, index) => {
    const { neurons, memories } = configOf(config, replica).task as unknown as {
      neurons: number;
      memories: number;
    };
    const metric = (name: string) => ofReplica(status?.metrics[name], index);
    const hasReached = metric("goal/reached") === 1;
    const lostAt = divergedAt.get(index);
    const hasDiverged = lostAt !== undefined || isDiverged;
    const network: NetworkResult = {
      seed: replica.seed,
      neurons,
      memories,
      outcome: outcomeOf(status, { hasDiverged, hasReached }),
      updates: lostAt ?? (hasReached && !isDiverged ? metric("goal/updates")! : runUpdates),
      runUpdates,
      history: histories[index]!,
      metric,
      examination: hasDiverged ? undefined : examination?.networks[index],
    };
    return { replica, network };
  });
  return { networks, seconds };
}

function outcomeOf(
  status: StoredRunStatus | undefined,
  { hasDiverged, hasReached }: { hasDiverged: boolean; hasReached: boolean },
): Outcome {
  if (hasDiverged) return "diverged";
  if (hasReached) return "converged";
  if (status?.end_reason === "unconverged") return "not converged";
  return status?.state === "finished" ? "stopped" : "training";
}

/** The value of one replica in a metric. */
const ofReplica = (
  metric: number | readonly number[] | undefined,
  index: number,
): number | undefined => typeof metric === "number" ? metric : metric?.[index];

/** [P] the columns of the metrics that are drawn, and the training time. */
function readHistories(
  folder: string,
  replicas: number,
): { histories: History[]; seconds: number } {
  const histories = Array.from({ length: replicas }, () => ({
    updates: [] as number[],
    retention: [] as number[],
    reaction: [] as number[],
  }));
  let time = 0;
  for (const { iteration, seconds, values } of readMetrics(join(folder, "metrics.jsonl"))) {
    time = seconds;
    for (const [index, { updates, retention, reaction }] of histories.entries()) {
      const value = ofReplica(values["train/retention"], index) ?? NaN;
      if (!Number.isFinite(value)) continue;
      updates.push(iteration);
      retention.push(value);
      reaction.push(ofReplica(values["train/reaction"], index) ?? NaN);
    }
  }
  return { histories, seconds: time };
}
