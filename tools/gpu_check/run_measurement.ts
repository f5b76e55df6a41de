/** A measurement in a process of its own: whatever happens to it, the next one can begin. */
import { fileURLToPath } from "node:url";
import { errorLine } from "../../config/error_line.ts";
import { leftOut, type Measured, type Turn } from "./measured_rows.ts";
import type { Kind, OptionsOf } from "./measure/measure.ts";

const script = fileURLToPath(new URL("./measure/measure.ts", import.meta.url));

/** How a process ended: by itself and well, with a problem, or when its turn was over. */
export interface End {
  readonly problem?: string;
  readonly isLate: boolean;
}

/** Runs `deno` until it ends, or its turn does. */
export async function runDeno(
  args: readonly string[],
  { signal }: Pick<Turn, "signal">,
): Promise<End & { readonly lines: readonly string[] }> {
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: [...args],
    stdin: "null",
    signal,
  }).output();
  const linesOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trimEnd().split("\n");
  const lines = linesOf(stdout);
  if (code === 0) return { lines, isLate: false };
  if (signal.aborted) return { lines, isLate: true };
  const said = linesOf(stderr);
  const error = said.findLast((line) => line.startsWith("error: "))?.slice("error: ".length);
  return { lines, problem: error ?? (said.at(-1) || `exit code ${code}`), isLate: false };
}

/** What a measurement found until it ended. */
export async function runMeasurement<Facts, K extends Kind = Kind>(
  kind: K,
  options: OptionsOf<K>,
  turn: Pick<Turn, "signal">,
): Promise<End & { readonly facts: Partial<Facts> }> {
  const permissions = ["--no-prompt", "--no-lock", "--allow-read"];
  const args = ["run", ...permissions, script, kind, JSON.stringify(options)];
  const { lines, ...end } = await runDeno(args, turn);
  // Of a process that was ended, the last line may be a part of one.
  const whole = lines.filter((line) => /^\{.*\}$/.test(line));
  return { facts: Object.assign({}, ...whole.map((line) => JSON.parse(line))), ...end };
}

/** The row of a measurement that gave no result. */
export function withoutResult(
  { problem }: End,
  { limitMs }: Pick<Turn, "limitMs">,
): Measured {
  if (problem === undefined) return leftOut(`no result in ${(limitMs / 1e3).toFixed(0)} s`);
  return { cells: [`**${errorLine(problem)}**`], passed: false };
}
