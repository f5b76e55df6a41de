/** Counts of a loss: summed over the steps of a sequence, then over the batch, into a row of metrics. */
import type { LossStep } from "../core/losses/loss.ts";
import { metricsOf } from "../core/losses/metric_facts.ts";
import { SEQUENCES } from "../core/losses/metric_kinds.ts";
import type { Value } from "../core/program/elementwise.ts";
import { add, batchSum, concat, filled } from "../core/program/language.ts";
import { sequenceSlot } from "../core/program/sequence_slot.ts";
import type { ProgramBuilder, StageBuilder } from "../core/program/program.ts";
import { keepLastStates } from "./carried_state.ts";
import type { Arrangement } from "./updater.ts";

const countSlot = (name: string) => `count/${name}`;

/** Adds what the loss counts at a step to the counts of its sequence. */
export function countStep(
  stage: StageBuilder,
  { builder, learning, judged }: {
    builder: ProgramBuilder;
    learning: Arrangement;
    judged: LossStep;
  },
): void {
  for (const [name, value] of Object.entries(judged.sums)) {
    builder.slot(countSlot(name), { kind: "state", hasBatchAxis: !learning.hasSingleSequence });
    stage.store(countSlot(name), add(stage.load(countSlot(name)), value));
  }
}

/**
 * Adds the last stage of a procedure, `report`: it stores the counts of the batch in the iteration's row of
 * `metrics/<procedure>`, [K, P, M], sets them to 0, and keeps what the next batch may continue. Counts of each sequence of `evaluate` go into
 * `sequenceSlot`, since only whole sequences are independent.
 */
export function reportCounts(
  builder: ProgramBuilder,
  learning: Arrangement,
  procedure: string,
): void {
  const names = [...new Set(metricsOf(learning.loss).flatMap(([, metric]) => metric.sums))];
  const slot = `metrics/${procedure}`;
  builder.slot(slot, { kind: "metric", shape: [names.length], hasChunkAxis: true });
  builder.nameMetrics(procedure, names);
  if (procedure === "evaluate") {
    builder.slot(sequenceSlot, {
      kind: "metric",
      shape: [names.length],
      hasBatchAxis: !learning.hasSingleSequence,
      hasChunkAxis: true,
    });
  }
  const batch = learning.hasSingleSequence ? 1 : learning.extents.sequences;
  const { sequenceSums = {} } = learning.loss;
  const counted = new Set(names.flatMap((name) => sequenceSums[name]?.of ?? [name]));
  counted.delete(SEQUENCES);
  builder.stage(procedure, { name: "report" }, (stage) => {
    const counts = new Map([...counted].map((name) => [name, stage.load(countSlot(name))]));
    const like = [...counts.values()][0]!;
    const countOf = (name: string) => {
      const sum = sequenceSums[name];
      return sum ? sum.make(...sum.of.map((part) => counts.get(part)!)) : counts.get(name);
    };
    const row = (of: (count: Value) => Value, sequences: number) =>
      concat(...names.map((name) => {
        const count = countOf(name);
        return count ? of(count) : filled(like, sequences, []);
      }));
    stage.store(slot, row((count) => count.hasBatchAxis ? batchSum(count) : count, batch));
    if (procedure === "evaluate") stage.store(sequenceSlot, row((count) => count, 1));
    for (const name of counted) stage.store(countSlot(name), 0);
    keepLastStates(stage, learning, procedure);
  });
}
