/** Reads the files of a run for a script. */
import { join, resolve } from "node:path";
import { z } from "../deps/zod.ts";
import { firstProblem } from "../config/explain_issue.ts";
import { replicasOf } from "../config/replicas.ts";
import { UsageError } from "../config/usage_error.ts";
import { listCheckpoints, readCheckpoint } from "../store/files/checkpoint.ts";
import { readJsonFile } from "../store/files/json_file.ts";
import { readMetrics } from "../store/files/metrics.ts";
import { plainFile } from "../store/files/plain_path.ts";
import { readStatus } from "../store/files/status.ts";
import { listLevels, readLevel } from "../store/level_files.ts";
import type { OwnCode } from "../store/stored_code.ts";
import { readRunConfig, readStoredSettings } from "../store/stored_run.ts";
import { evaluateStored } from "./evaluate_stored.ts";
import { openNetwork } from "./open_network.ts";
import { jupyterDisplay, showFigure } from "./show_figure.ts";
import { showRun } from "./show_run.ts";
import type {
  MetricColumns,
  StoredMetrics,
  StoredRow,
  StoredRun,
  StoredSettings,
  StoredStatus,
} from "./stored_run.ts";

const entry = z.looseObject({ name: z.string() });
const settings = z.looseObject({
  task: entry,
  model: entry,
  updater: entry,
  training: z.looseObject({
    seeds: z.array(z.number()).min(1),
    sweep: z.record(z.string(), z.array(z.unknown()).min(1)).default({}),
  }),
  device: z.looseObject({}),
});

/**
 * The run in a folder. Code of its own is needed only to compute with its networks.
 *
 * @throws UsageError if the folder holds no run, or a damaged one.
 */
export function readRun(folder: string, code: OwnCode): StoredRun {
  const stored = readStoredSettings(folder);
  const { data, error } = settings.safeParse(stored);
  if (!data) throw new UsageError(`${join(folder, "config.json")}: ${firstProblem(error, stored)}`);
  const replicas = replicasOf(data);
  const metrics = () => storedRows(folder);
  const environment = join(folder, "environment.json");
  const run: StoredRun = {
    folder: resolve(folder),
    config: data satisfies StoredSettings,
    replicas,
    environment: () => plainFile(environment) ? readJsonFile(environment) : undefined,
    status: () => storedStatus(folder),
    metrics,
    metricColumns: () => columnsOf(metrics(), replicas.length),
    async figures() {
      const { plainFigures } = await import("../report/plain_figures.ts");
      return plainFigures(folder).map(showFigure);
    },
    checkpoints: () =>
      listCheckpoints(folder).map(({ path, iteration }) => ({
        path,
        iteration,
        read: () => readCheckpoint(path),
      })),
    levels: () =>
      listLevels(folder, replicas).map((file) => ({ ...file, read: () => readLevel(file) })),
    network: async (choice = {}) =>
      await openNetwork(folder, { config: readRunConfig(folder, code), ...choice }),
    evaluate: async (choice = {}) =>
      await evaluateStored(folder, { config: readRunConfig(folder, code), ...choice }),
  };
  return Object.assign(run, { [jupyterDisplay]: () => showRun(run) });
}

type Numbers = number | readonly number[];

const perReplica = (values: Readonly<Record<string, Numbers>>): StoredMetrics =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value].flat()]));

function* storedRows(folder: string): Generator<StoredRow> {
  for (const row of readMetrics(join(folder, "metrics.jsonl"))) {
    yield { ...row, values: perReplica(row.values) };
  }
}

function storedStatus(folder: string): StoredStatus | undefined {
  const status = readStatus(folder);
  if (!status) return undefined;
  const { run, state, iterations, sequences, seconds, device, updated, message } = status;
  return {
    run,
    state,
    endReason: status.end_reason,
    ...message === undefined ? {} : { message },
    iterations,
    sequences,
    seconds,
    device,
    updated,
    metrics: perReplica(status.metrics),
  };
}

function columnsOf(rows: Iterable<StoredRow>, replicas: number): MetricColumns {
  const [iteration, sequences, seconds]: [number[], number[], number[]] = [[], [], []];
  const values = new Map<string, number[][]>();
  for (const row of rows) {
    for (const [name, numbers] of Object.entries(row.values)) {
      const columns = values.get(name) ??
        Array.from({ length: replicas }, () => iteration.map(() => NaN));
      values.set(name, columns);
      columns.forEach((column, replica) => column.push(numbers[replica] ?? NaN));
    }
    iteration.push(row.iteration);
    sequences.push(row.sequences);
    seconds.push(row.seconds);
    for (const columns of values.values()) {
      for (const column of columns) if (column.length < iteration.length) column.push(NaN);
    }
  }
  return { iteration, sequences, seconds, values: Object.fromEntries(values) };
}
