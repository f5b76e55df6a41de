/** Measures a row of metrics. */
import type { Engine } from "../backends/backend.ts";
import { evaluate } from "./chunk.ts";
import type { Curriculum } from "./curriculum.ts";
import type { TrainingSession } from "./training_session.ts";
import { createSums, lossMetrics, type Metric, type Metrics, type Sums } from "./sums.ts";
import type { Task } from "./task.ts";
import type { StopReason, TrainOptions } from "./train_options.ts";
import { standingNames } from "./standing_names.ts";

/**
 * Metrics of the iterations since the last row, of the weights, of held-out sequences and of levels; or the
 * reason to stop, if there is one while held-out sequences are judged, and the metrics before those.
 */
export async function measureRow(
  { loss, evaluationSequences = 0 }: TrainOptions,
  { task, window, session, curriculum, owedRow, shouldStop }: {
    task: Task;
    window: Sums;
    session: TrainingSession;
    curriculum: Curriculum | undefined;
    /** Metrics of the iterations and weights, if they were measured before a stop. */
    owedRow: Metrics | undefined;
    /** Asked after each answer of the device. */
    shouldStop: () => StopReason | undefined;
  },
): Promise<{ row: Metrics } | { row: Metrics; reason: StopReason }> {
  const values: Record<string, Metric> = {
    ...owedRow ?? {
      ...lossMetrics(window, loss, "train"),
      ...await measureNetwork(session.engine),
    },
  };
  if (evaluationSequences > 0) {
    const { sums, reason } = await evaluate(session.engine, session, {
      split: "validation",
      sequences: evaluationSequences,
      shouldStop,
    });
    if (reason !== undefined) return { row: values, reason };
    Object.assign(values, lossMetrics(sums, loss, "eval"));
  }
  if (curriculum) {
    const { level, passed, since } = curriculum.state;
    const standing = task.goal ? [passed, since] : [level, passed];
    standingNames(task).forEach((name, index) => values[name] = [...standing[index]!]);
  }
  return { row: values };
}

/** What the procedure `measure` reports, as `plastic/name`; empty for a program without it. */
async function measureNetwork(engine: Engine): Promise<Record<string, Metric>> {
  const { program } = engine;
  if (!program.procedures.has("measure")) return {};
  await engine.run("measure", { iterations: 1 });
  const sums = createSums(program, "measure");
  sums.add((await engine.read(["metrics/measure"])).get("metrics/measure")!, 1);
  return Object.fromEntries(
    program.metrics.get("measure")!.map((name) => [`plastic/${name}`, sums.of(name)]),
  );
}
