/** What a loss is: from a step of a network to a number to lower, and counts to report. */
import type { Value } from "../program/elementwise.ts";
import type { InputDeclarations } from "../program/input.ts";

type Values = Readonly<Record<string, Value>>;

/** What a loss sees of one step of one sequence. */
export interface JudgedStep {
  /** The network's output, of the shape `Task.output`. */
  readonly output: Value;
  /** Values that the model's step names on the way. */
  readonly observed: Values;
  /** The state after the step. */
  readonly state: Values;
  /** The loss's own inputs, such as targets and masks. */
  readonly targets: Values;
}

/** What a loss makes of one step of one sequence; all values are scalar. */
export interface LossStep {
  /** Loss of the step, weight included; the batch mean is taken by the updater. */
  readonly loss: Value;
  /** Weight of the step: 0 where the sequence is over. */
  readonly weight: Value;
  /** Counts that are summed over steps and sequences. */
  readonly sums: Values;
}

/**
 * How the steps of a network are judged.
 *
 *     step: ({ output, targets }) => judge(square(sub(output, targets.target!)))
 */
export interface Loss {
  readonly name: string;
  /** What the loss is counted in, e.g. "nats"; a loss without is a bare number. */
  readonly unit?: string;
  /** The output is logits: of symbols, or one number of "yes". Else it is values as they are. */
  readonly isClassification?: boolean;
  /** Its inputs, which the task draws: they are the `targets` of a step. */
  readonly inputs: InputDeclarations;
  /** Names that it reads of a model beside the output; `judgeStep` checks that they are there. */
  readonly reads?: {
    readonly observed?: readonly string[];
    readonly state?: readonly string[];
  };
  /** Judges one step. @throws RangeError if the shape of the output does not fit. */
  readonly step: (step: JudgedStep) => LossStep;
  /** Reported metrics as ratios of sums, e.g. accuracy = correct / predictions. */
  readonly metrics: Readonly<Record<string, readonly [above: string, below: string]>>;
  /** Those of them, beside the loss, that are means of amounts; the others are shares, in [0, 1]. */
  readonly means?: readonly string[];
}
