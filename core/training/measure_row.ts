/** A row of metrics, and whether it says that the network is beyond repair. */
import { evaluate } from "./chunk.ts";
import type { Curriculum } from "./curriculum.ts";
import type { TrainingSession } from "./training_session.ts";
import { meanOf, measured, type Metric, type Metrics, ratios, type Sums, unwrap } from "./sums.ts";
import type { Task } from "./task.ts";
import type { TrainOptions } from "./train_options.ts";

/** Of the training window, the weights, held-out sequences and the curriculum. */
export async function measureRow(
  { loss, evaluationSequences = 0 }: TrainOptions,
  { task, window, session, curriculum }: {
    task: Task;
    window: Sums;
    session: TrainingSession;
    curriculum: Curriculum | undefined;
  },
): Promise<Metrics> {
  const values: Record<string, Metric> = {
    ...ratios(window, loss, "train"),
    ...await measured(session.engine),
  };
  if (evaluationSequences > 0) {
    const range = { split: "validation", sequences: evaluationSequences } as const;
    const outcome = await evaluate(session.engine, session, range);
    if ("sums" in outcome) Object.assign(values, ratios(outcome.sums, loss, "eval"));
  }
  if (curriculum) {
    const { level, passed, since } = curriculum.state;
    const standing = task.goal
      ? { "goal/reached": passed, "goal/updates": since }
      : { "curriculum/level": level, "curriculum/passed": passed };
    for (const [name, byReplica] of Object.entries(standing)) values[name] = unwrap([...byReplica]);
  }
  return values;
}

/** Whether numbers are not finite, or so large that their norms are not. */
export function isBroken(metrics: Metrics): boolean {
  const broken = metrics["plastic/not_finite"];
  if (broken !== undefined && meanOf(broken) !== 0) return true;
  return Object.entries(metrics).some(([name, value]) =>
    name.startsWith("plastic/") && !Number.isFinite(meanOf(value))
  );
}

/** Whether what training measures of a replica is no number any more. */
export function isReplicaBroken(
  metrics: Readonly<Record<string, number | readonly number[]>>,
  replica: number,
): boolean {
  return Object.entries(metrics).some(([name, all]) => {
    const value = typeof all === "number" ? all : all[replica]!;
    if (name === "plastic/not_finite") return value !== 0;
    return /^(train|plastic)\//.test(name) && !Number.isFinite(value);
  });
}
