/** The texts of a checkpoint, checked: what a resumed run needs beside its tensors. */
import { z } from "../deps/zod.ts";
import { buildTask } from "../config/build/build_run.ts";
import { configOf, replicasOf } from "../config/replicas.ts";
import { firstProblem } from "../config/explain_issue.ts";
import { parseJson } from "../config/parse_json.ts";
import type { RunConfig } from "../config/run_config.ts";
import type { CurriculumState } from "../core/training/curriculum.ts";
import type { Standing } from "../core/training/followed_metric.ts";
import type { Metric, Metrics } from "../core/training/sums.ts";
import { DamagedFileError } from "./files/damaged_file_error.ts";
import { fromJsonNumbers } from "./files/json_number.ts";

type Source = { readonly path: string; readonly metadata: Readonly<Record<string, string>> };

/** A text that is JSON, checked by a schema. @throws DamagedFileError that names the file and the text. */
export function storedJson<T>({ path, metadata }: Source, name: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = parseJson(metadata[name]!);
  } catch (error) {
    throw new DamagedFileError(path, `its ${name} is not JSON`, { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new DamagedFileError(path, `its ${name}: ${firstProblem(parsed.error, value)}`);
}

/** Metrics by name. @throws DamagedFileError */
export function storedMetrics(source: Source, name: string): Metrics {
  const stored = storedJson(source, name, z.record(z.string(), z.unknown()));
  const metrics: Record<string, Metric> = {};
  for (const [metric, value] of Object.entries(stored)) {
    const numbers = fromJsonNumbers(value);
    if (numbers === undefined) {
      throw new DamagedFileError(source.path, `its ${name}.${metric} is no number`);
    }
    // One replica has one number in a file.
    metrics[metric] = [numbers].flat();
  }
  return metrics;
}

/** How replicas stand in the metric of an early stop. @throws DamagedFileError */
export function storedStanding(source: Source, config: RunConfig): Standing {
  const { values = [], iterations = [], rows = [] } = storedMetrics(source, "patience");
  const replicas = replicasOf(config).length;
  if ([values, iterations, rows].every(({ length }) => length === replicas)) {
    return { values: [...values], iterations: [...iterations], rows: [...rows] };
  }
  throw new DamagedFileError(source.path, `its patience is not that of ${replicas} replicas`);
}

/**
 * A number from 0; 0 if the file has none.
 *
 * @param options.most largest that it can be; given for whole numbers.
 * @throws DamagedFileError
 */
export function storedCount(
  { path, metadata }: Source,
  name: string,
  { most }: { most?: number } = {},
): number {
  const text = metadata[name] ?? "0";
  const value = text.trim() === "" ? NaN : Number(text);
  const fits = most === undefined ? value < Infinity : Number.isInteger(value) && value <= most;
  if (value >= 0 && fits) return value;
  const expected = most === undefined ? ">= 0" : `a whole number from 0 to ${most}`;
  throw new DamagedFileError(
    path,
    `its ${name} is ${JSON.stringify(text.slice(0, 40))}, expected ${expected}`,
  );
}

/**
 * Where each replica stands; undefined for a task without levels and without a goal.
 *
 * @throws DamagedFileError if the task needs it and the file lacks it, or it is of other replicas.
 */
export function storedCurriculum(
  source: Source & { readonly iteration: number },
  config: RunConfig,
): CurriculumState | undefined {
  const [first, ...others] = replicasOf(config);
  const { levels, goal } = buildTask(configOf(config, first!));
  if (!levels && !goal) return undefined;
  const replicas = 1 + others.length;
  if (source.metadata["curriculum"] === undefined) {
    throw new DamagedFileError(source.path, "has no curriculum, which its task needs");
  }
  const counts = z.array(z.int().min(0)).length(replicas, {
    error: `expected a number for each of ${replicas} replicas`,
  });
  const schema = z.object({ level: counts, streak: counts, since: counts, passed: counts });
  const state = storedJson(source, "curriculum", schema);
  for (let replica = 0; replica < replicas; replica++) {
    if (isReachable(state, { replica, first: levels?.first ?? 1, updates: source.iteration })) {
      continue;
    }
    throw new DamagedFileError(
      source.path,
      `its curriculum says of replica ${replica} what ${source.iteration} updates do not come to`,
    );
  }
  return state;
}

/** Whether training may stand there: a level takes an update at least, and the next one follows a passed one. */
function isReachable(
  { level, streak, since, passed }: CurriculumState,
  { replica, first, updates }: { replica: number; first: number; updates: number },
): boolean {
  const [current, last] = [level[replica]!, passed[replica]!];
  return current >= first && last >= first - 1 && (current === last || current === last + 1) &&
    last - first < updates && streak[replica]! <= updates && since[replica]! <= updates;
}
