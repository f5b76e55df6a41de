/**
 * Real-time recurrent learning: the exact gradient in forward mode, while the sequence runs.
 *
 * Every trained number has a virtual sequence on the axis of sequences. The network itself runs once,
 * shared by all of them. Virtual sequence v holds the derivative of the state by number v, and sums the
 * derivative of the loss. No tape is kept, however long the sequence is.
 */
import { z } from "../deps/zod.ts";
import { jvp } from "../core/autodiff/jvp.ts";
import { add } from "../core/program/language.ts";
import { reachable } from "../core/program/node.ts";
import type { TracedStep } from "../core/program/model.ts";
import type { LossStep } from "../core/losses/loss.ts";
import type { ProgramBuilder, StageBuilder } from "../core/program/program.ts";
import { measureNorms } from "./measure.ts";
import { slowWeightConfig } from "./optimizers/config.ts";
import type { Schedule } from "./optimizers/schedule.ts";
import { scheduleOf } from "./optimizers/schedule_settings.ts";
import { forwardOnly } from "./forward_only.ts";
import { stepForward } from "./forward_step.ts";
import { beginBatch } from "./begin_batch.ts";
import { reportCounts } from "./counts.ts";
import { declareLearning } from "./model_memory.ts";
import { updateSlowWeights } from "./shared_update.ts";
import {
  type Arrangement,
  CannotTrain,
  defineUpdater,
  type Learning,
  type Updater,
} from "./updater.ts";
import {
  directionOf,
  groupsOf,
  type NumberGroup,
  scatter,
  storeDirections,
} from "./virtual_sequences.ts";
import type { RtrlSettings } from "./settings.ts";

const slots = {
  tangent: (state: string) => `train/tangent/${state}`,
  slope: "train/slope",
  gradient: (parameter: string) => `train/gradient/${parameter}`,
};

/**
 * Real-time recurrent learning, of one sequence per update. Memory does not grow with T. The time of a
 * step grows with the number of trained numbers.
 *
 * @example
 * const extents = { replicas: 1, sequences: 1, steps: task.steps };
 * const program = rtrl.build({ model, loss: task.loss, extents }, { optimizer: "adam" });
 */
export const rtrl: Updater<RtrlSettings> = defineUpdater({
  name: "rtrl",
  summary:
    "Real-time recurrent learning: exact gradients in forward mode (Williams and Zipser 1989)",
  config: z.strictObject({
    learning_rate: z.number().positive().default(1e-2).describe(
      "Learning rate of weights and biases",
    ),
    grad_clip: z.number().min(0).default(0).describe(
      "Bound on the norm of the gradient (0: off)",
    ),
    ...slowWeightConfig,
    virtual_sequences: z.int().min(0).max(1 << 22).default(0).describe(
      "Trained numbers that one run through the sequence differentiates by (0: what 256 MB hold)",
    ),
  }),
  build(source, config) {
    checkModel(source);
    const { groups, size } = groupsOf(source, config.virtual_sequences);
    const learning: Arrangement = {
      ...source,
      extents: { ...source.extents, sequences: size },
      hasSingleSequence: true,
    };
    const builder = declareLearning(learning, { learningRate: config.learning_rate });
    const schedule = scheduleOf(config, learning.iterations);
    groups.forEach((group, index) =>
      differentiate(builder, learning, { group, first: index === 0, schedule })
    );
    const followed = new Set(groups.flat().map(({ name }) => name));
    builder.stage("train", { name: "finish" }, (stage) => {
      const gradientOf = (name: string) =>
        followed.has(name) ? stage.load(slots.gradient(name)) : undefined;
      const { grad_clip: gradClip } = config;
      updateSlowWeights(stage, { builder, learning, config, gradClip, gradientOf });
    });
    reportCounts(builder, learning, "train");
    forwardOnly(builder, learning);
    measureNorms(builder, learning);
    return builder.build();
  },
});

/** @throws CannotTrain if there is more than one sequence, or a fast parameter. */
function checkModel({ model, extents }: Learning): void {
  if (extents.sequences !== 1) {
    throw new CannotTrain(
      `rtrl follows one sequence at a time: expected a batch size of 1, got ${extents.sequences}; bptt takes more`,
    );
  }
  const entries = Object.entries(model.parameters);
  const fast = entries.find(([, parameter]) => parameter.fast)?.[0];
  if (fast !== undefined) {
    throw new CannotTrain(
      `rtrl: "${fast}" of model ${model.name} is fast, every sequence changes its own; expected slow weights, use bptt`,
    );
  }
}

/** Names of the states that depend on a trained number of the group, at once or some steps later. */
function movingStates({ parameters, state, nextState }: TracedStep, group: NumberGroup): string[] {
  const sources = new Set(group.map(({ name }) => parameters[name]!));
  const moving = new Set<string>();
  for (let before = -1; before < moving.size;) {
    before = moving.size;
    for (const [name, value] of Object.entries(nextState)) {
      if (!reachable([value]).some((node) => sources.has(node))) continue;
      moving.add(name);
      sources.add(state[name]!);
    }
  }
  return [...moving];
}

/** Adds the stages that run the sequence and compute the gradient by the numbers of a group. */
function differentiate(
  builder: ProgramBuilder,
  learning: Arrangement,
  { group, first, schedule }: {
    group: NumberGroup;
    first: boolean;
    schedule: Schedule | undefined;
  },
): void {
  let moving: string[] = [];
  builder.slot(slots.slope, { kind: "state", hasBatchAxis: true });
  beginBatch(builder, learning, {
    schedule: first ? schedule : undefined,
    also(stage) {
      moving = movingStates(learning.model.trace(stage), group);
      for (const name of moving) {
        const { shape } = learning.model.state[name]!;
        builder.slot(slots.tangent(name), { kind: "state", shape, hasBatchAxis: true });
        stage.store(slots.tangent(name), 0);
      }
      stage.store(slots.slope, 0);
      storeDirections(builder, stage, { ...learning, group });
    },
  });
  builder.stage("train", { name: "step", loop: "forward" }, (stage) => {
    const step = stepForward(stage, { builder, learning, count: first });
    moveTangents(stage, step, { model: learning.model.name, group, moving });
  });
  builder.stage("train", { name: "gather" }, (stage) => {
    const slope = stage.load(slots.slope);
    for (const span of group) {
      const { name, shape, isStart } = span;
      const slot = slots.gradient(name);
      builder.slot(slot, { kind: "state", shape });
      const part = scatter(stage, slope, span);
      stage.store(slot, isStart ? part : add(stage.load(slot), part));
    }
  });
}

/**
 * Advances the tangents of states by one step, and adds the slope of the loss.
 *
 * @throws CannotTrain if the model takes a mean over sequences, since virtual sequences are no batch.
 */
function moveTangents(
  stage: StageBuilder,
  step: TracedStep & LossStep,
  { model, group, moving }: { model: string; group: NumberGroup; moving: readonly string[] },
): void {
  const tangents = new Map([
    ...group.map((span) => [step.parameters[span.name]!, directionOf(stage, span)] as const),
    ...moving.map((name) => [step.state[name]!, stage.load(slots.tangent(name))] as const),
  ]);
  const values = [step.loss, ...moving.map((name) => step.nextState[name]!)];
  const isMixed = reachable(values).some(({ operation }) =>
    operation.op === "reduce" && operation.axes.includes("sequence")
  );
  if (isMixed) {
    throw new CannotTrain(`rtrl: model ${model} takes a mean over its sequences; use bptt`);
  }
  const [slope, ...moved] = jvp(values, tangents);
  if (slope) stage.store(slots.slope, add(stage.load(slots.slope), slope));
  moving.forEach((name, index) => stage.store(slots.tangent(name), moved[index] ?? 0));
}
