/** Runs a command on a job in a process of its own. */
import { fileURLToPath } from "node:url";
import { openForAppending } from "../../store/files/open_file.ts";
import { writeAll } from "../../store/files/write_all.ts";
import settings from "../../deno.json" with { type: "json" };
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

/** The permissions of the task `train`. */
const trainPermissions: readonly string[] = settings.tasks.train.split(" cli/main.ts")[0]!
  .split(" ").filter((word) => word.startsWith("--"));

const root = new URL("../../", import.meta.url);

/** Starts a command; its stderr is appended to the log of the job. */
export function startCommand(
  { log }: Job,
  { command, args }: JobCommand,
): JobProcess {
  const file = openForAppending(log);
  const encoder = new TextEncoder();
  writeAll(file, encoder.encode(`$ hebb ${command} ${args.join(" ")}\n`));
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command("deno", {
      args: [
        "run",
        ...trainPermissions,
        fileURLToPath(new URL("cli/main.ts", root)),
        command,
        ...args,
      ],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    file.close();
    throw error;
  }
  return {
    end: follow(child, file),
    stop() {
      try {
        child.kill("SIGTERM");
      } catch {
        // It has ended by itself.
      }
    },
  };
}

/** Copies stderr to the log until the process ends. */
async function follow(
  child: Deno.ChildProcess & { readonly stderr: ReadableStream<Uint8Array> },
  file: Deno.FsFile,
) {
  const decoder = new TextDecoder();
  let tail = "";
  try {
    for await (const chunk of child.stderr) {
      writeAll(file, chunk);
      tail = (tail + decoder.decode(chunk, { stream: true })).slice(-4000);
    }
  } finally {
    file.close();
  }
  const { code, signal } = await child.status;
  const lines = tail.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const line = lines.findLast((line) => line.startsWith("error: ")) ?? lines.at(-1);
  return { code, lastLine: line?.replace(/^error: /, "") ?? (signal ? `ended by ${signal}` : "") };
}
