/** What TensorBoard's own Python package reads of runs. */
import { PythonPackages } from "../testing/python_packages.ts";

/** What reads event files; TensorBoard's server, which needs much more, is left out. */
export const tensorboard = new PythonPackages(
  "tensorboard-2.21.0",
  ["tensorboard==2.21.0", "protobuf==7.36.2", "numpy", "absl-py", "packaging"],
  "import tensorboard.backend.event_processing.event_accumulator",
);

/** A run as TensorBoard reads it. */
export interface ReadRun {
  readonly scalars: Readonly<Record<string, readonly [step: number, value: number][]>>;
  readonly histograms: Readonly<
    Record<
      string,
      readonly [step: number, count: number, least: number, most: number, inSteps: number][]
    >
  >;
  readonly texts: Readonly<Record<string, string>>;
}

/** A row of the table of hyperparameters. */
export interface ReadSession {
  readonly hparams: Readonly<Record<string, number | string | boolean>>;
  readonly status: string;
  readonly metrics: Readonly<Record<string, number>>;
}

/** What TensorBoard reads of a folder of runs. */
export async function readEvents(
  root: string,
  runs: readonly string[],
): Promise<{ runs: Record<string, ReadRun>; sessions: Record<string, ReadSession> }> {
  const script = new URL("read_events.py", import.meta.url).pathname;
  return JSON.parse(await tensorboard.run([script, root, ...runs]));
}
