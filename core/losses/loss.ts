/** What a loss is: from a step of a network to a number to lower, and counts to report. */
import type { Value } from "../program/elementwise.ts";
import type { InputDeclarations } from "../program/input.ts";

/** What a loss sees of one step of one sequence. */
export interface JudgedStep {
  /** The network's output, of the shape `Task.output`. */
  readonly output: Value;
  /** Values that the model's step names on the way. */
  readonly observed: Readonly<Record<string, Value>>;
  /** The state after the step. */
  readonly state: Readonly<Record<string, Value>>;
  /** The loss's own inputs, such as targets and masks. */
  readonly targets: Readonly<Record<string, Value>>;
}

/** What a loss makes of one step of one sequence; all values are scalar. */
export interface LossStep {
  /** Loss of the step, weight included; the batch mean is taken by the updater. */
  readonly loss: Value;
  /** Weight of the step: 0 where the sequence is over. */
  readonly weight: Value;
  /** Counts that are summed over steps and sequences. */
  readonly sums: Readonly<Record<string, Value>>;
}

/**
 * How the steps of a network are judged. The loss of a sequence is the sum over its steps; what is
 * lowered is the mean over the sequences of a batch.
 *
 * @example
 * const squaredError: Loss = { name: "squared-error", inputs: { target: [] }, metrics: { loss: ["loss", "steps"] },
 *   step({ output, targets }) {
 *     const loss = square(sub(output, targets.target!));
 *     return { loss, weight: filled(output, 1, []), sums: { loss, steps: filled(output, 1, []) } };
 *   } };
 */
export interface Loss {
  /** What errors call it. */
  readonly name: string;
  /** What the loss is counted in, e.g. "nats"; a loss without is a bare number. */
  readonly unit?: string;
  /** The output is logits: of symbols, or one number of "yes". Else it is values as they are. */
  readonly isClassification?: boolean;
  /** Its inputs, which the task draws: they are the `targets` of a step. */
  readonly inputs: InputDeclarations;
  /** Names that it reads of a model beside the output; `judgeStep` checks that they are there. */
  readonly reads?: {
    /** Names of observed values. */
    readonly observed?: readonly string[];
    /** Names of states. */
    readonly state?: readonly string[];
  };
  /** Judges one step. @throws RangeError if the shape of the output does not fit. */
  readonly step: (step: JudgedStep) => LossStep;
  /** Reported metrics as ratios of sums, e.g. accuracy = correct / predictions. */
  readonly metrics: Readonly<Record<string, readonly [above: string, below: string]>>;
  /** Those of them, beside the loss, that are means of amounts; the others are shares, in [0, 1]. */
  readonly means?: readonly string[];
}
