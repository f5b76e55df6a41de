/** TensorBoard's own Python package, for tests: installed once into a folder for temporary files. */
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What reads event files; TensorBoard's server, which needs much more, is left out. */
const packages = ["tensorboard==2.21.0", "protobuf==7.36.2", "numpy", "absl-py", "packaging"];

const folder = join(tmpdir(), "hebb-tests-tensorboard-2.21.0");

/** Runs Python with these packages. */
async function python(args: readonly string[], timeout = 60_000): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("python3", {
    args: [...args],
    env: { PYTHONPATH: folder },
    stdin: "null",
    signal: AbortSignal.timeout(timeout),
  }).output();
  if (success) return new TextDecoder().decode(stdout);
  throw new Error(new TextDecoder().decode(stderr).trimEnd());
}

/** Why the package cannot be had; undefined if it is there, or could be installed. */
export async function tensorboardProblem(): Promise<string | undefined> {
  try {
    if (existsSync(join(folder, "done"))) return undefined;
    const target = ["--target", folder, "--upgrade", "--no-deps", "--only-binary=:all:"];
    await python(["-m", "pip", "install", "-q", ...target, ...packages], 180_000);
    await python(["-c", "import tensorboard.backend.event_processing.event_accumulator"]);
    Deno.writeTextFileSync(join(folder, "done"), "");
    return undefined;
  } catch (error) {
    return (error as Error).message.split("\n").at(-1);
  }
}

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
  return JSON.parse(await python([script, root, ...runs]));
}
