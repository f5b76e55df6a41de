/** The command line that works on a shard, for machines where nothing is known of this shell. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { shellWord } from "./shell_word.ts";
import { taskPermissions } from "./task_permissions.ts";

/** What a command of Hebb was started in. All folders are absolute. */
export interface Place {
  /** Names of files in arguments start here. */
  readonly workingFolder: string;
  /** The folder of Hebb. */
  readonly hebbFolder: string;
  /** The folder of the program `deno`. */
  readonly denoFolder: string;
  /** The variable DENO_V8_FLAGS. */
  readonly v8Flags: string | undefined;
}

/** Where this process was started. */
export const currentPlace = (): Place => ({
  workingFolder: Deno.cwd(),
  hebbFolder: fileURLToPath(new URL("../../", import.meta.url)),
  denoFolder: dirname(Deno.execPath()),
  v8Flags: Deno.env.get("DENO_V8_FLAGS"),
});

/** The program that is run. */
export const mainFile = ({ hebbFolder }: Place): string => join(hebbFolder, "cli/main.ts");

/** The same command on parts of its jobs. */
export interface ShardedCommand {
  readonly command: "experiments" | "compare" | "sweep";
  /** What follows it, without `--shard`. */
  readonly args: readonly string[];
  /** How many shards there are. */
  readonly shards: number;
}

/**
 * The command for one shard as a shell reads it, to be run in the working folder. It brings flags, and a path on
 * which the processes that it starts find Deno. What it starts is the process itself, so that signals reach it.
 *
 * @param options.shard the number of the shard as the shell reads it.
 */
export function workerCommand(
  { command, args, shards }: ShardedCommand,
  { place, shard }: { place: Place; shard: string },
): string {
  const { denoFolder, v8Flags } = place;
  return [
    "env",
    `PATH=${shellWord(denoFolder)}:"$PATH"`,
    ...v8Flags === undefined ? [] : [`DENO_V8_FLAGS=${shellWord(v8Flags)}`],
    ...["deno", "run", ...taskPermissions("jobs").map(shellWord)],
    shellWord(mainFile(place)),
    ...[command, ...args].map(shellWord),
    ...["--shard", `${shard}/${shards}`],
  ].join(" ");
}

/** A line for each of these shards, which runs alone from any folder. */
export const commandLines = (
  work: ShardedCommand,
  { place, shards }: { place: Place; shards: readonly number[] },
): string[] =>
  shards.map((shard) =>
    `cd ${shellWord(place.workingFolder)} && ${
      workerCommand(work, { place, shard: String(shard) })
    }`
  );
