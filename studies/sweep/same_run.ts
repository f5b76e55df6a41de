/** Says which points of a sweep can be replicas of one run. */
import { judgedAlike } from "../../core/training/replica_tasks.ts";
import { sameProgram } from "../../core/program/same_program.ts";
import { buildRun, type Run } from "../../config/build/build_run.ts";
import { entrySections } from "../../config/catalogue.ts";
import type { RunConfig } from "../../config/run_config.ts";

/** A point that is built, to be compared. */
export interface BuiltPoint {
  readonly config: RunConfig;
  readonly run: Run;
}

/**
 * Builds a point.
 *
 * @throws UsageError, RangeError or what code of one's own throws: it cannot be trained.
 */
export const buildPoint = (config: RunConfig): BuiltPoint => ({ config, run: buildRun(config) });

/**
 * Whether one run can train the networks of two points with the bits that each has alone: it needs the same
 * program, batches and length of training, and no end of training that depends on what other networks do.
 */
export function canShareRun(a: BuiltPoint, b: BuiltPoint): boolean {
  return sameJson(a.config.training, b.config.training) &&
    sameJson(a.config.device, b.config.device) &&
    entrySections.every((section) => a.config[section].name === b.config[section].name) &&
    !endsTogether(a) && !endsTogether(b) &&
    sameProgram(a.run.program, b.run.program) && judgedAlike(a.run.task, b.run.task);
}

/** Whether the networks of a run end when all have passed their levels, or none gets better. */
const endsTogether = ({ config: { training }, run: { task } }: BuiltPoint): boolean =>
  training.early_stop_loss > 0 || training.early_stop_metric !== undefined ||
  task.levels !== undefined || task.goal !== undefined;

const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * Items in groups that can share a run, in the order of their first ones.
 *
 * @param build undefined for an item that cannot be built, which is then alone.
 */
export function groupByRun<T>(
  items: readonly T[],
  build: (item: T) => BuiltPoint | undefined,
): T[][] {
  const groups: { built: BuiltPoint | undefined; items: T[] }[] = [];
  for (const item of items) {
    const built = build(item);
    const group = built && groups.find((other) => other.built && canShareRun(other.built, built));
    if (group) group.items.push(item);
    else groups.push({ built, items: [item] });
  }
  return groups.map(({ items }) => items);
}
