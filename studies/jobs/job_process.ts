/** Runs a command on a job in a process of its own. */
import { fileURLToPath } from "node:url";
import { openForAppending } from "../../store/files/open_file.ts";
import { writeAll } from "../../store/files/write_all.ts";
import { writing } from "../../store/files/writing.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import { plainLine } from "../../config/plain_text.ts";
import { taskPermissions } from "../engines/task_permissions.ts";
import type { Job, JobCommand } from "./jobs.ts";

export interface JobEnd {
  readonly code: number;
  /** The last line on its stderr, the last error if there is one. */
  readonly lastLine: string;
}

export interface JobProcess {
  readonly end: Promise<JobEnd>;
  /** Asks the process to write a checkpoint and end. */
  stop(): void;
}

/** The permissions of the task `train`, but a job may write to the folder of its run only. */
const permissions = ({ folder }: Pick<Job, "folder">): string[] =>
  taskPermissions("train")
    .map((word) => word === "--allow-write" ? `${word}=${folder}` : word);

const root = new URL("../../", import.meta.url);
const mainFile = fileURLToPath(new URL("cli/main.ts", root));

/** Starts a command; its stderr is appended to the log of the job. */
export function startCommand(
  job: Pick<Job, "folder" | "log">,
  { command, args }: JobCommand,
): JobProcess {
  const file = openForAppending(job.log);
  const log = (bytes: Uint8Array) => writing(job.log, () => writeAll(file, bytes));
  let child: ReturnType<typeof spawnJob>;
  try {
    log(new TextEncoder().encode(`$ hebb ${command} ${args.join(" ")}\n`));
    child = spawnJob([
      ...permissions(job),
      mainFile,
      "--end-with-parent",
      command,
      ...args,
    ]);
  } catch (error) {
    file.close();
    throw error;
  }
  return {
    end: follow(child, log).finally(() => file.close()),
    stop() {
      try {
        child.kill("SIGTERM");
      } catch {
        // It has ended by itself.
      }
    },
  };
}

/** Starts Hebb. Its standard input stays open and empty, so it ends when this process does. */
const spawnJob = (args: readonly string[]) =>
  new Deno.Command("deno", {
    args: ["run", ...args],
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();

/**
 * Copies stderr to the log until the process ends. A log that cannot be written is told then: the training
 * is worth more.
 */
async function follow(
  child: ReturnType<typeof spawnJob>,
  log: (bytes: Uint8Array) => void,
): Promise<JobEnd> {
  const decoder = new TextDecoder();
  let tail = "";
  let problem: Error | undefined;
  for await (const chunk of child.stderr) {
    try {
      log(chunk);
    } catch (error) {
      problem ??= error as Error;
    }
    tail = (tail + decoder.decode(chunk, { stream: true })).slice(-4000);
  }
  // It may have ended already.
  await child.stdin.abort().catch(() => {});
  const { code, signal } = await child.status;
  // What it said before it was killed does not say why it ended.
  if (signal !== null) return { code, lastLine: `ended by ${signal}` };
  if (problem && code === exitCodes.ok) {
    return { code: exitCodes.failure, lastLine: plainLine(problem.message) };
  }
  const lines = tail.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const line = lines.findLast((line) => line.startsWith("error: ")) ?? lines.at(-1);
  return { code, lastLine: plainLine(line?.replace(/^error: /, "") ?? "") };
}
