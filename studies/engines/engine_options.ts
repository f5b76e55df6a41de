/** Where the jobs of a command run, as typed. */
import { UsageError } from "../../config/usage_error.ts";
import { siteOptions } from "./site_options.ts";

/** Places where jobs run: here, in Slurm's queue, or wherever somebody runs a list of commands. */
export const engineNames = ["local", "slurm", "commands"] as const;

export type EngineName = (typeof engineNames)[number];

/** Options of engines; undefined: not given. */
export interface EngineOptions {
  readonly engine?: EngineName | undefined;
  /** The part of the jobs to work on, here: `3/24`. */
  readonly shard?: string | undefined;
  /** Jobs of a task. */
  readonly perTask?: number | undefined;
  /** Options of sbatch, `NAME=VALUE` each. */
  readonly sbatch?: readonly string[] | undefined;
  /** A file of `#SBATCH` lines, and commands to run before. */
  readonly sbatchFile?: string | undefined;
  /** Slurm's MaxArraySize. */
  readonly maxArraySize?: number | undefined;
}

/** Where jobs run, if not here. */
export type OtherEngine = Exclude<EngineName, "local">;

/** The engine that jobs are handed to; undefined: they run here. */
export const otherEngine = ({ engine }: EngineOptions): OtherEngine | undefined =>
  engine === "local" ? undefined : engine;

/** The options as they are typed. Each takes a value. */
const names = {
  engine: "--engine",
  shard: "--shard",
  perTask: "--per-task",
  sbatch: "--sbatch",
  sbatchFile: "--sbatch-file",
  maxArraySize: "--max-array-size",
} as const;

const engineOf: Readonly<Partial<Record<keyof typeof names, readonly EngineName[]>>> = {
  shard: ["local"],
  perTask: ["slurm", "commands"],
  sbatch: ["slurm"],
  sbatchFile: ["slurm"],
  maxArraySize: ["slurm"],
};

/** @throws UsageError for an option of another engine, or one of a site that is none. */
export function checkEngineOptions(options: EngineOptions): void {
  const { engine = "local" } = options;
  for (const [key, engines] of Object.entries(engineOf)) {
    const value = options[key as keyof EngineOptions];
    const isGiven = Array.isArray(value) ? value.length > 0 : value !== undefined;
    if (!isGiven || engines.includes(engine)) continue;
    const name = names[key as keyof typeof names];
    throw new UsageError(
      `${name} goes with --engine ${engines.join(" or ")}, got --engine ${engine}`,
    );
  }
  siteOptions(options);
}

/** What was typed, without what says where jobs run: what a task is started with. */
export function workerArguments(args: readonly string[]): string[] {
  const typed: readonly string[] = Object.values(names);
  return args.filter((arg, index) =>
    arg !== "--dry-run" && !typed.includes(arg) && !typed.some((name) =>
      arg.startsWith(`${name}=`)
    ) &&
    !typed.includes(args[index - 1]!)
  );
}
