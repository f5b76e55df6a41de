/** What every updater's program has: memory for the model and the loss, resets, and counts. */
import type { TracedStep } from "../core/program/model.ts";
import { describeInput } from "../core/program/input.ts";
import { constantOf } from "../core/program/initializer.ts";
import { add, batchMean, batchSum, concat, where } from "../core/program/language.ts";
import type { LinearLayer } from "../core/program/node.ts";
import type { Value } from "../core/program/elementwise.ts";
import { judgeStep } from "../core/losses/judge_step.ts";
import type { LossStep } from "../core/losses/loss.ts";
import type { ProgramBuilder, StageBuilder } from "../core/program/program.ts";
import { createProgram } from "../core/program/program.ts";
import type { Arrangement, Learning } from "./updater.ts";

/** Names of memory that updaters make themselves. */
const reserved =
  /^learning_rate$|^(adam|average|count|evaluate|feedback|initial|last|metrics|optimizer|deferred|prepared|probe|train)\//;

/** Declares the slots of the model, its state and inputs, and those of the loss. */
export function declareLearning(
  { model, loss, extents, single = false }: Arrangement,
): ProgramBuilder {
  const builder = createProgram(extents);
  const names = [model.parameters, model.state, model.inputs].flatMap(Object.keys);
  const taken = names.find((name) => reserved.test(name));
  if (taken !== undefined) {
    throw new RangeError(`Model ${model.name}: the name "${taken}" belongs to the learning rules`);
  }
  for (const [name, declaration] of Object.entries(model.parameters)) {
    builder.declare(name, declaration);
  }
  for (const [name, { shape, initial }] of Object.entries(model.state)) {
    builder.slot(name, { kind: "state", shape, hasBatchAxis: !single });
    if (constantOf(initial) === undefined) {
      builder.slot(`initial/${name}`, { kind: "constant", shape, initial });
    }
  }
  for (const inputs of [model.inputs, loss.inputs]) {
    for (const [name, declaration] of Object.entries(inputs)) {
      const { shape, perStep: step } = describeInput(declaration);
      builder.slot(name, {
        kind: "input",
        shape,
        hasBatchAxis: !single,
        hasTimeAxis: step,
        hasChunkAxis: true,
      });
    }
  }
  return builder;
}

const countSlot = (name: string) => `count/${name}`;

/** Puts state and counts where a sequence starts. */
export function resetState(stage: StageBuilder, learning: Learning): void {
  for (const [name, { from, initial }] of Object.entries(learning.model.state)) {
    const first = from === undefined ? constantOf(initial) : stage.load(from);
    stage.store(name, first ?? stage.load(`initial/${name}`));
  }
}

/** Keeps values of every step in `<group>/<name>`, [T, P, B, ...shape]. */
export function keepEveryStep(
  stage: StageBuilder,
  { builder, group, values, sequence = true }: {
    builder: ProgramBuilder;
    group: string;
    values: Readonly<Record<string, Value>>;
    /** Whether each sequence has its own. */
    sequence?: boolean;
  },
): void {
  for (const [name, value] of Object.entries(values)) {
    const slot = `${group}/${name}`;
    builder.slot(slot, {
      kind: "tape",
      shape: value.shape,
      hasBatchAxis: sequence,
      hasTimeAxis: true,
    });
    stage.store(slot, value);
  }
}

/** One traced step with its loss; stores the next state and, if asked to, counts and probes. */
export function stepForward(
  stage: StageBuilder,
  { builder, learning, weights, count = true }: {
    builder: ProgramBuilder;
    learning: Arrangement;
    /** Values that stand for parameters, by slot. */
    weights?: Readonly<Record<string, Value>>;
    count?: boolean;
  },
): TracedStep & LossStep {
  const traced = learning.model.trace(stage, weights);
  const { model, loss } = learning;
  const { output, observed, nextState: state } = traced;
  const targets = Object.fromEntries(
    Object.keys(loss.inputs).map((name) => [name, stage.load(name)]),
  );
  builder.describeOutput(output.shape);
  const judged = judgeStep(loss, model.name, { output, observed, state, targets });
  for (const [name, value] of Object.entries(state)) stage.store(name, value);
  if (!count) return { ...traced, ...judged };
  const sequence = !learning.single;
  for (const [name, value] of Object.entries(sumsOf(judged, learning))) {
    builder.slot(countSlot(name), { kind: "state", hasBatchAxis: sequence });
    stage.store(countSlot(name), add(stage.load(countSlot(name)), value));
  }
  if (learning.probe) {
    keepEveryStep(stage, { builder, group: "probe", values: { output }, sequence });
    keepEveryStep(stage, { builder, group: "probe/state", values: state, sequence });
  }
  return { ...traced, ...judged };
}

/** What is counted: with probes also the loss itself, weights of steps included, as `objective`. */
const sumsOf = ({ sums, loss }: LossStep, { probe }: Learning): Readonly<Record<string, Value>> =>
  probe ? { ...sums, objective: loss } : sums;

/** Writes the counts of a batch to the row of this iteration, and starts them at 0 again. */
export function reportCounts(
  builder: ProgramBuilder,
  procedure: string,
  { learning }: { learning: Learning },
): void {
  const own = Object.values(learning.loss.metrics).flat();
  const names = [...new Set([...own, ...learning.probe ? ["objective"] : []])];
  const slot = `metrics/${procedure}`;
  builder.slot(slot, { kind: "metric", shape: [names.length], hasChunkAxis: true });
  builder.nameMetrics(procedure, names);
  builder.stage(procedure, { name: "report" }, (stage) => {
    const counts = names.map((name) => stage.load(countSlot(name)));
    const total = (count: Value) => count.hasBatchAxis ? batchSum(count) : count;
    stage.store(slot, concat(...counts.map(total)));
    for (const name of names) stage.store(countSlot(name), 0);
  });
}

/** Adds the procedure that only runs the network: no weight changes. */
export function forwardOnly(
  builder: ProgramBuilder,
  learning: Arrangement,
  { forward = () => {}, weights = () => ({}) }: {
    forward?: (stage: StageBuilder, step: TracedStep) => void;
    /** Values that stand for parameters, by slot. */
    weights?: (stage: StageBuilder) => Readonly<Record<string, Value>>;
  } = {},
): void {
  beginBatch(builder, learning, { procedure: "evaluate" });
  builder.stage("evaluate", { name: "forward", loop: "forward" }, (stage) => {
    forward(stage, stepForward(stage, { builder, learning, weights: weights(stage) }));
  });
  reportCounts(builder, "evaluate", { learning });
}

/** The layers of the model, in the graph of this stage. */
export const layersOf = (stage: StageBuilder, { model }: Learning): readonly LinearLayer[] =>
  model.trace(stage).layers;

export const isFast = ({ weight, plasticity }: LinearLayer): boolean =>
  weight.hasBatchAxis && plasticity !== undefined;

/** The name of the slot that a weight or bias is loaded from. */
export function slotOf(node: Value): string {
  if (node.operation.op !== "load") {
    throw new TypeError("Expected a parameter, got a computed value");
  }
  return node.operation.slot.name;
}

/**
 * The start of a batch of sequences for fast weights: what is not highly plastic becomes the mean
 * over the sequences, what is becomes 0, and every sequence gets a copy.
 */
export function resetPlasticWeights(stage: StageBuilder, learning: Learning): void {
  for (const { weight, plasticity } of layersOf(stage, learning).filter(isFast)) {
    stage.store(slotOf(weight), where(plasticity!.mask, 0, batchMean(weight)));
  }
}

/** The first stage of a batch: state at its start, fast weights wiped. */
export function beginBatch(
  builder: ProgramBuilder,
  learning: Learning,
  { procedure = "train", also }: { procedure?: string; also?: (stage: StageBuilder) => void } = {},
): void {
  builder.stage(procedure, { name: "reset" }, (stage) => {
    resetState(stage, learning);
    resetPlasticWeights(stage, learning);
    also?.(stage);
  });
}
