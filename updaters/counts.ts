/** Counts of a loss: summed over the steps of a sequence, then over the batch, into a row of metrics. */
import type { LossStep } from "../core/losses/loss.ts";
import type { Value } from "../core/program/elementwise.ts";
import { add, batchSum, concat } from "../core/program/language.ts";
import { sequenceSlot } from "../core/program/sequence_slot.ts";
import type { ProgramBuilder, StageBuilder } from "../core/program/program.ts";
import type { Arrangement, Learning } from "./updater.ts";

const countSlot = (name: string) => `count/${name}`;

/** What is counted: with probes also the weighted loss itself, as `objective`. */
const sumsOf = ({ sums, loss }: LossStep, { probe }: Learning): Readonly<Record<string, Value>> =>
  probe ? { ...sums, objective: loss } : sums;

/** Adds what the loss counts at a step to the counts of its sequence. */
export function countStep(
  stage: StageBuilder,
  { builder, learning, judged }: {
    builder: ProgramBuilder;
    learning: Arrangement;
    judged: LossStep;
  },
): void {
  for (const [name, value] of Object.entries(sumsOf(judged, learning))) {
    builder.slot(countSlot(name), { kind: "state", hasBatchAxis: !learning.hasSingleSequence });
    stage.store(countSlot(name), add(stage.load(countSlot(name)), value));
  }
}

/**
 * Adds the last stage of a procedure, `report`: it stores the counts of the batch in the iteration's row of
 * `metrics/<procedure>`, [K, P, M], and sets them to 0. Counts of each sequence of `evaluate` go into
 * `sequenceSlot`, since only whole sequences are independent.
 */
export function reportCounts(
  builder: ProgramBuilder,
  learning: Arrangement,
  procedure: string,
): void {
  const counted = Object.values(learning.loss.metrics).flat();
  const names = [...new Set([...counted, ...learning.probe ? ["objective"] : []])];
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
  builder.stage(procedure, { name: "report" }, (stage) => {
    const counts = names.map((name) => stage.load(countSlot(name)));
    const total = (count: Value) => count.hasBatchAxis ? batchSum(count) : count;
    stage.store(slot, concat(...counts.map(total)));
    if (procedure === "evaluate") stage.store(sequenceSlot, concat(...counts));
    for (const name of names) stage.store(countSlot(name), 0);
  });
}
