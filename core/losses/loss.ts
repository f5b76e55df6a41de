/** What a loss is: from a step of a network to a number that training lowers, and counts to report. */
import type { Value } from "../program/elementwise.ts";
import type { InputDeclarations } from "../program/input.ts";
import type { LossMetric } from "./loss_metric.ts";

/** What a loss sees of one step of one sequence. */
export interface JudgedStep {
  /** The network's output, of the shape `Task.output`. */
  readonly output: Value;
  /** Values that the step of the model names on the way (`ModelSpec.step`). */
  readonly observed: Readonly<Record<string, Value>>;
  /** The state after the step. */
  readonly state: Readonly<Record<string, Value>>;
  /** The loss's own inputs, such as targets and masks. */
  readonly targets: Readonly<Record<string, Value>>;
}

/** What a loss makes of one step of one sequence; all values are scalar. */
export interface LossStep {
  /** Loss of the step, weight included. Learning rules take the mean over the batch. */
  readonly loss: Value;
  /** Weight of the step: 0 where the sequence is over. The output of such a step may be NaN or infinite. */
  readonly weight: Value;
  /** Counts that are summed over steps and sequences. */
  readonly sums: Readonly<Record<string, Value>>;
}

/** A sum over sequences: what each adds is made of its own sums when it is over. */
export interface SequenceSum {
  /** Names of the sums of its steps, `LossStep.sums`. */
  readonly of: readonly string[];
  /** Makes what the sequence adds, a scalar. */
  readonly make: (...sums: readonly Value[]) => Value;
}

/**
 * How the steps of a network are judged, as learning rules take it; `defineLoss` makes one of what an
 * author writes. `Metric` are the names of what is reported. What a step of weight 0 gives is left out with
 * `where`: in a product with the weight, NaN would stay. The loss of a sequence is the sum over its steps; what is
 * lowered is the mean over the sequences of a batch.
 *
 * @example
 * const squaredError: Loss = {
 *   name: "squared-error",
 *   inputs: { target: [] },
 *   step({ output, targets }) {
 *     const [loss, one] = [square(sub(output, targets.target!)), filled(output, 1, [])];
 *     return { loss, weight: one, sums: { loss, steps: one } };
 *   },
 *   metrics: { loss: ["loss", "steps"] }, // or metric.ratio("loss", "steps"), ...
 * };
 */
export interface Loss<Metric extends string = string> {
  /** What errors call it. */
  readonly name: string;
  /** Unit of the loss, e.g. "nats"; default: none. */
  readonly unit?: string;
  /** Whether the output is logits: of symbols, or a scalar logit of "yes". If not, it is taken as it is. */
  readonly isClassification?: boolean;
  /** Shape of the outputs that it judges; `undefined` for an axis of any length. Default: any shape. */
  readonly output?: readonly (number | undefined)[];
  /** Its inputs, which the task draws: they are the `targets` of a step. Some may be `optional`. */
  readonly inputs: InputDeclarations;
  /** What it reads of a model beside the output; a model without is refused when the program is built. */
  readonly reads?: {
    /** Names of observed values. */
    readonly observed?: readonly string[];
    /** Names of states. */
    readonly state?: readonly string[];
  };
  /**
   * The scalar inputs that leave a step out where they are 0: what else only the loss reads may be NaN there.
   * Default: "mask" and "weight".
   */
  readonly weighedBy?: readonly string[];
  /** Judges one step. @throws RangeError if the shape of the output does not fit. */
  readonly step: (step: JudgedStep) => LossStep;
  /** Sums over whole sequences, such as how many had no error. Metrics are made of them as of sums of steps. */
  readonly sequenceSums?: Readonly<Record<string, SequenceSum>>;
  /**
   * Reported metrics; `loss` has to be among them, a ratio of two sums. A pair of sums is short for their
   * ratio: a mean for `loss` and those in `means`, else a share in [0, 1].
   */
  readonly metrics: Readonly<
    Record<Metric, LossMetric | readonly [above: string, below: string]>
  >;
  /** Pairs beside the loss that are means of amounts. */
  readonly means?: readonly string[];
  /** What pairs say. */
  readonly notes?: Readonly<Record<string, MetricNote>>;
}

/** The inputs of a loss that leave a step out where they are 0. */
export const weightsOf = ({ weighedBy = ["mask", "weight"], inputs }: Loss): readonly string[] =>
  weighedBy.filter((name) => Object.hasOwn(inputs, name));

/** What a loss says of a metric that it declares as a pair of sums; see `LossMetric`. */
export interface MetricNote {
  /** What is measured, in a sentence. */
  readonly summary?: string;
  /** Its unit, such as "bits"; default: none, and that of the loss for the loss itself. */
  readonly unit?: string;
  /** Of one of `means`: it counts things, so that it is never below 0. */
  readonly isCount?: boolean;
  /** It varies much from sequence to sequence: reports draw a smoothed mean beside it. */
  readonly isNoisy?: boolean;
  /** Which direction is better; default: more of a share, less of the loss, no answer for other means. */
  readonly better?: "more" | "less";
}
