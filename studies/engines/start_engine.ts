/** Hands the shards of a command to an engine: to Slurm, or as a list of commands to whoever runs it. */
import { join, resolve } from "node:path";
import { plainLine } from "../../config/plain_text.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import { writeFileAtomic } from "../../store/files/atomic_file.ts";
import type { EngineOptions, OtherEngine } from "./engine_options.ts";
import { shellWord } from "./shell_word.ts";
import { siteOptions } from "./site_options.ts";
import { type SlurmArray, slurmArrays } from "./slurm_arrays.ts";
import { askMaxArraySize, runSlurm } from "./slurm_program.ts";
import { slurmScript } from "./slurm_script.ts";
import { commandLines, currentPlace, mainFile, type ShardedCommand } from "./worker_command.ts";

export interface EngineWork extends ShardedCommand {
  /** The shards with something to do, ascending. */
  readonly open: readonly number[];
  /** A name for the queue. */
  readonly name: string;
  /** Processes of a task at a time. */
  readonly processes: number;
  /** Threads of each. */
  readonly threads: number;
  /** The folder of all jobs. */
  readonly out: string;
}

export interface StartOptions extends EngineOptions {
  readonly engine: OtherEngine;
  /** Prints what would be written and started. */
  readonly dryRun: boolean;
}

/**
 * Starts the open shards of a command.
 *
 * @returns the exit code; 0 as soon as all are in the queue.
 * @throws UsageError for options of a site that are none; Error where Slurm refuses.
 */
export async function startEngine(work: EngineWork, options: StartOptions): Promise<number> {
  if (work.open.length === 0) {
    console.log("nothing is left to do");
    return exitCodes.ok;
  }
  if (options.engine === "slurm") await startSlurm(work, options);
  else writeCommands(work, options);
  return exitCodes.ok;
}

async function startSlurm(work: EngineWork, options: StartOptions): Promise<void> {
  const { dryRun } = options;
  const folder = join(resolve(work.out), "slurm");
  const script = join(folder, "array.sh");
  const text = slurmScript(
    { ...work, logs: folder, cores: work.processes * work.threads },
    { place: currentPlace(), site: siteOptions(options) },
  );
  const maxArraySize = options.maxArraySize ?? await askMaxArraySize();
  const commands = slurmArrays(work.open, { maxArraySize }).map((array) =>
    sbatchArguments(array, script)
  );
  if (dryRun) {
    console.log(`# ${script}\n${text}`);
    for (const args of commands) console.log(["sbatch", ...args].map(shellWord).join(" "));
    return;
  }
  Deno.mkdirSync(folder, { recursive: true });
  writeFileAtomic(script, text);
  await fetchPackages();
  for (const args of commands) console.log(await submit(args));
  console.log(`${counted(work.open.length, "task")}; logs: ${folder}`);
}

const sbatchArguments = ({ offset, tasks }: SlurmArray, script: string): string[] => [
  `--array=${tasks}`,
  script,
  String(offset),
];

async function submit(args: readonly string[]): Promise<string> {
  const { code, text, problem } = await runSlurm("sbatch", args);
  if (code === exitCodes.ok) return text;
  throw new Error(`sbatch: ${plainLine(problem)}`);
}

/** Nodes may have no network: what the tasks import is fetched before. */
async function fetchPackages(): Promise<void> {
  const args = ["cache", "--quiet", mainFile(currentPlace())];
  const { success, stderr } = await new Deno.Command("deno", { args, stdin: "null" }).output();
  if (success) return;
  throw new Error(`packages cannot be fetched: ${plainLine(new TextDecoder().decode(stderr))}`);
}

function writeCommands(work: EngineWork, { dryRun }: StartOptions): void {
  const lines = commandLines(work, { place: currentPlace(), shards: work.open });
  if (dryRun) return console.log(lines.join("\n"));
  const path = join(work.out, "commands.txt");
  Deno.mkdirSync(work.out, { recursive: true });
  writeFileAtomic(path, lines.map((line) => `${line}\n`).join(""));
  console.log(`${counted(lines.length, "command")}, one a line: ${path}`);
}

const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? "" : "s"}`;
