/** Measures a row of metrics, and says whether it shows that training has diverged. */
import type { Engine } from "../backends/backend.ts";
import { evaluate } from "./chunk.ts";
import type { Curriculum } from "./curriculum.ts";
import type { TrainingSession } from "./training_session.ts";
import {
  createSums,
  meanOf,
  type Metric,
  metricOf,
  type Metrics,
  ratios,
  type Sums,
} from "./sums.ts";
import type { Task } from "./task.ts";
import type { TrainOptions } from "./train_options.ts";

/** Metrics of the iterations since the last row, of the weights, of held-out sequences and of levels. */
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
    ...await measureNetwork(session.engine),
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
    for (const [name, byReplica] of Object.entries(standing)) {
      values[name] = metricOf([...byReplica]);
    }
  }
  return values;
}

/** What the procedure `measure` reports, as `plastic/name`; empty for a program without it. */
async function measureNetwork(engine: Engine): Promise<Record<string, Metric>> {
  const { program } = engine;
  if (!program.procedures.has("measure")) return {};
  await engine.run("measure", { iterations: 1 });
  const sums = createSums(program, "measure");
  sums.add((await engine.read(["metrics/measure"])).get("metrics/measure")!, 1);
  return Object.fromEntries(
    program.metrics.get("measure")!.map((name) => [`plastic/${name}`, metricOf(sums.of(name))]),
  );
}

/** Whether trained numbers of any replica, or their norms, are not finite. */
export function isBroken(metrics: Metrics): boolean {
  const broken = metrics["plastic/not_finite"];
  if (broken !== undefined && meanOf(broken) !== 0) return true;
  return Object.entries(metrics).some(([name, value]) =>
    name.startsWith("plastic/") && !Number.isFinite(meanOf(value))
  );
}

/** Whether training or weight metrics of a replica are not finite. */
export function isReplicaBroken(
  metrics: Readonly<Record<string, number | readonly number[]>>,
  replica: number,
): boolean {
  return Object.entries(metrics).some(([name, metric]) => {
    const value = typeof metric === "number" ? metric : metric[replica]!;
    if (name === "plastic/not_finite") return value !== 0;
    return /^(train|plastic)\//.test(name) && !Number.isFinite(value);
  });
}
