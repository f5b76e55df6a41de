/** The texts of a checkpoint, checked: what a resumed run needs beside its tensors. */
import { z } from "../deps/zod.ts";
import { buildTask } from "../config/build/build_run.ts";
import { configOf, replicasOf } from "../config/replicas.ts";
import { firstProblem } from "../config/explain_issue.ts";
import { parseJson } from "../config/parse_json.ts";
import type { RunConfig } from "../config/run_config.ts";
import type { CurriculumState } from "../core/training/curriculum.ts";
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
    metrics[metric] = numbers;
  }
  return metrics;
}

/** A number from 0; 0 if the file has none. @throws DamagedFileError */
export function storedCount({ path, metadata }: Source, name: string): number {
  const text = metadata[name] ?? "0";
  const value = text.trim() === "" ? NaN : Number(text);
  if (value >= 0 && value < Infinity) return value;
  throw new DamagedFileError(
    path,
    `its ${name} is ${JSON.stringify(text.slice(0, 40))}, expected >= 0`,
  );
}

/**
 * Where each replica stands; undefined for a task without levels and without a goal.
 *
 * @throws DamagedFileError if the task needs it and the file lacks it, or it is of other replicas.
 */
export function storedCurriculum(source: Source, config: RunConfig): CurriculumState | undefined {
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
  return storedJson(source, "curriculum", schema);
}
