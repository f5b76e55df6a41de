/** What a list of runs says of one run, read from the files in its folder. */
import { basename, join } from "node:path";
import { readJsonFile } from "../files/json_file.ts";
import type { Numbers } from "../files/json_number.ts";
import { sizeLimits } from "../files/open_file.ts";
import { plainFile } from "../files/plain_path.ts";
import { readStatus, type StoredRunStatus } from "../files/status.ts";
import { isUnusableFile } from "../files/unusable_file.ts";
import { settingsByPath } from "../settings_by_path.ts";
import { pathsOfKey, valuesOfKey } from "../../config/sweep.ts";

/** The values of a metric over the replicas that have a finite one. */
export interface Spread {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** One run of a list. */
export interface RunFacts {
  /** Its folder, from the folder that is listed; "/" between names, whatever the system. */
  readonly path: string;
  /** The name of its folder. */
  readonly name: string;
  /**
   * How it ended; `running` as long as no end is written; `new` before the first status; `damaged` where its
   * files cannot be read.
   */
  readonly state: string;
  /** When it began, ISO 8601, UTC; "" if that is not known. */
  readonly started: string;
  /** When it last wrote its status. */
  readonly updated: string;
  readonly task: string;
  readonly model: string;
  readonly updater: string;
  /** P: seeds times points of a sweep. */
  readonly replicas: number;
  /** Replicas that have diverged. */
  readonly diverged: number;
  /** Iterations done. */
  readonly iterations: number;
  /** Sequences seen by one replica. */
  readonly sequences: number;
  /** Training time over all resumes. */
  readonly seconds: number;
  readonly device: string;
  /** Bytes of memory that its process held when it last wrote its status; 0 if that is not known. */
  readonly memory: number;
  /** The metric that its task is about, without a split; "" if that is not known. */
  readonly score: string;
  /** The folder of the run that it goes on from with other settings, as it was given; "": of none. */
  readonly forkedFrom: string;
  /** Iterations done there; 0 without such a run. */
  readonly forkedAt: number;
  /** Why it ended, or what is damaged, in a line; "" if there is nothing to say. */
  readonly message: string;
  /** Settings by path, such as `model.hidden_size`; of a swept one the list of its values. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The newest metrics. */
  readonly metrics: Readonly<Record<string, Spread>>;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads the facts of a run; undefined if the folder holds none. A damaged run has facts too, since whoever
 * lists runs wants to know of it.
 *
 * @param path how the list calls it.
 */
export function readRunFacts(folder: string, path: string): RunFacts | undefined {
  const name = basename(folder);
  try {
    const config = optionalJson(join(folder, "config.json"));
    if (!config || !["task", "model", "updater"].every((key) => isObject(config[key]))) {
      return undefined;
    }
    const environment = optionalJson(join(folder, "environment.json")) ?? {};
    return {
      path,
      name,
      ...factsOfConfig(config),
      ...factsOfStatus(readStatus(folder), () => declaredScore(folder)),
      started: startOf(environment),
      ...forkOf(optionalJson(join(folder, "lineage.json")) ?? {}),
    };
  } catch (error) {
    if (!isUnusableFile(error)) throw error;
    const nothing = { ...noConfig, ...noStatus, started: "", ...noFork };
    return { ...nothing, path, name, state: "damaged", message: error.message };
  }
}

const noConfig = { task: "", model: "", updater: "", replicas: 0, settings: {} } as const;
const noStatus = {
  ...{ state: "new", updated: "", iterations: 0, sequences: 0, seconds: 0, device: "", memory: 0 },
  ...{ diverged: 0, score: "", message: "", metrics: {} },
} as const;
const noFork = { forkedFrom: "", forkedAt: 0 } as const;

function factsOfConfig(config: Json) {
  const settings = settingsByPath(config);
  const training = isObject(config.training) ? config.training : {};
  const sweep = isObject(training.sweep) ? training.sweep : {};
  const swept = Object.entries(sweep).filter((entry): entry is [string, unknown[]] =>
    Array.isArray(entry[1])
  );
  const seeds = Array.isArray(training.seeds) ? training.seeds.length : 1;
  const nameOf = (section: string) => textOf(settings[`${section}.name`]);
  return {
    ...{ task: nameOf("task"), model: nameOf("model"), updater: nameOf("updater") },
    replicas: swept.reduce((product, [, values]) => product * values.length, seeds),
    settings: { ...settings, ...Object.fromEntries(swept.flatMap(valuesByPath)) },
  };
}

/** Lists of values of each setting that is swept under a key. */
const valuesByPath = ([key, values]: readonly [string, readonly unknown[]]) =>
  pathsOfKey(key).map((path, place): [string, unknown[]] => [
    path,
    values.map((value) => valuesOfKey(key, value)[place]),
  ]);

function factsOfStatus(status: StoredRunStatus | undefined, declaredScore: () => string) {
  if (!status) return noStatus;
  const { updated, iterations, sequences, seconds, device, memory = 0, message = "" } = status;
  const score = status.score ?? declaredScore();
  return {
    ...{ updated, iterations, sequences, seconds, device, memory, score, message },
    state: status.end_reason ?? status.state,
    diverged: status.diverged?.length ?? 0,
    metrics: spreads(status.metrics),
  };
}

/** The score of a run of an earlier version, whose status does not name it. */
function declaredScore(folder: string): string {
  const { bounds } = optionalJson(join(folder, "figures.json"), sizeLimits.numbers) ?? {};
  return isObject(bounds) ? textOf(bounds.score) : "";
}

function spreads(metrics: Readonly<Record<string, Numbers>>): RunFacts["metrics"] {
  return Object.fromEntries(
    Object.entries(metrics).map(([name, value]) => {
      const values = [value].flat();
      const finite = values.filter(Number.isFinite);
      return [name, spreadOf(finite.length > 0 ? finite : values)];
    }),
  );
}

const spreadOf = (values: readonly number[]): Spread => ({
  mean: values.reduce((sum, value) => sum + value, 0) / values.length,
  low: values.reduce((low, value) => Math.min(low, value), Infinity),
  high: values.reduce((high, value) => Math.max(high, value), -Infinity),
});

/** The first of all starts of a run. */
function startOf({ started, earlier }: Json): string {
  const [first] = Array.isArray(earlier) ? earlier : [];
  return textOf(isObject(first) ? first.started : started);
}

/** The run that a fork comes from, if its lineage says so. */
const forkOf = ({ kind, from, iteration }: Json) =>
  kind === "fork"
    ? {
      forkedFrom: textOf(from),
      forkedAt: Number.isSafeInteger(iteration) ? Number(iteration) : 0,
    }
    : noFork;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A text as it is; of another value its JSON. */
const textOf = (value: unknown): string =>
  value === undefined || value === null
    ? ""
    : typeof value === "string"
    ? value
    : JSON.stringify(value);

function optionalJson(path: string, limit: number = sizeLimits.text): Json | undefined {
  try {
    return plainFile(path) === null ? undefined : readJsonFile(path, { limit });
  } catch (error) {
    // Removed since it was seen.
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
