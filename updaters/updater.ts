/** The contract of a learning rule: from a model and a loss to a program. */
import type { z } from "zod";
import type { Extents } from "../core/axes.ts";
import type { Loss } from "../core/losses/loss.ts";
import type { ModelInstance } from "../core/program/model.ts";
import type { Program } from "../core/program/program.ts";

export interface Learning {
  readonly model: ModelInstance;
  readonly loss: Loss;
  readonly extents: Extents;
  /**
   * Keeps the output of every step in `probe/output`, states after it in `probe/state/*`, and
   * gradients in `probe/gradient/*`.
   */
  readonly probe?: boolean;
}

/** How a learning rule uses the axis of sequences. */
export interface Arrangement extends Learning {
  /**
   * One sequence runs, and what it has (state, inputs, counts) is shared along the axis of sequences,
   * which the rule uses for something else.
   */
  readonly single?: boolean;
}

/** A learning rule cannot train this model, or not with this batch size: the message says why. */
export class CannotTrain extends RangeError {}

export interface Updater {
  readonly name: string;
  /** One line for `--help` and reports. */
  readonly summary: string;
  readonly config: z.ZodType;
  /**
   * The program has the procedures `train` (one batch of sequences, weights updated), `evaluate`
   * (the same batch judged; what it writes inside the sequence is put back by the engine) and
   * `measure` (norms of what the last `train` left).
   *
   * @throws ZodError if the config does not fit the schema.
   * @throws CannotTrain if the rule cannot follow what the model computes.
   */
  build(learning: Learning, config: unknown): Program;
}

/** Makes an updater whose config is typed by its schema. */
export function defineUpdater<S extends z.ZodType>(spec: {
  name: string;
  summary: string;
  config: S;
  build: (learning: Learning, config: z.output<S>) => Program;
}): Updater {
  return { ...spec, build: (learning, config) => spec.build(learning, spec.config.parse(config)) };
}
