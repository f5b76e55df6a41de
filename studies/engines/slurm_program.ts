/** Starts the programs of Slurm. */
import { fileURLToPath } from "node:url";

/** The programs that are started. */
type SlurmProgram = "sbatch" | "scontrol";

export interface SlurmAnswer {
  readonly code: number;
  /** Standard output. */
  readonly text: string;
  /** Standard error. */
  readonly problem: string;
}

/**
 * Runs a program of Slurm. A command may start Deno alone, and so starts it with a file that may start this
 * program: a permission for a program that is not there would make every start say so.
 */
export async function runSlurm(
  program: SlurmProgram,
  args: readonly string[],
): Promise<SlurmAnswer> {
  const file = fileURLToPath(new URL("./run_program.ts", import.meta.url));
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: ["run", "--quiet", "--no-prompt", `--allow-run=${program}`, file, program, ...args],
    stdin: "null",
  }).output();
  const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  return { code, text: textOf(stdout), problem: textOf(stderr) };
}

/** Numbers of tasks that Slurm allows where nobody says otherwise. */
const usualMaxArraySize = 1001;

/** Slurm's MaxArraySize; where there is no Slurm, the usual one. */
export async function askMaxArraySize(): Promise<number> {
  // The installed program starts nothing, but prints scripts.
  const { state } = Deno.permissions.querySync({ name: "run", command: "deno" });
  if (state !== "granted") return usualMaxArraySize;
  const { text } = await runSlurm("scontrol", ["show", "config"]);
  const [, number] = /^MaxArraySize\s*=\s*(\d+)$/m.exec(text) ?? [];
  return Number(number ?? usualMaxArraySize);
}
