/** What a loss is: from the output of a step to a number to lower, and counts to report. */
import type { Value } from "../program/elementwise.ts";
import type { InputDeclarations } from "../program/input.ts";

export interface LossStep {
  /** Loss of one sequence at one step, weight included; the batch mean is taken by the updater. */
  readonly loss: Value;
  /** Weight of the step: 0 where the sequence is over. */
  readonly weight: Value;
  /** Per-sequence counts that are summed over steps and sequences. */
  readonly sums: Readonly<Record<string, Value>>;
}

export interface Loss {
  readonly name: string;
  /** What the loss is counted in, e.g. "nats"; a loss without is a bare number. */
  readonly unit?: string;
  readonly inputs: InputDeclarations;
  readonly step: (output: Value, inputs: Readonly<Record<string, Value>>) => LossStep;
  /** Reported metrics as ratios of sums, e.g. accuracy = correct / predictions. */
  readonly metrics: Readonly<Record<string, readonly [above: string, below: string]>>;
  /** Those of them, beside the loss, that are means of amounts; the others are shares, in [0, 1]. */
  readonly means?: readonly string[];
}
