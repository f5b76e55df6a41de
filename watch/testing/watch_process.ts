/** The command `watch` as a process of its own, with the permissions of its task. */
import { fileURLToPath } from "node:url";
import settings from "../../deno.json" with { type: "json" };
import { denoCommand } from "../../tests/testing/run_hebb.ts";

/** What the task passes to Deno; a test runs in any folder. */
const flags = settings.tasks.watch.split(" ").filter((word) => word.startsWith("--"));
const main = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));

/** Starts the command in a folder. */
export const spawnWatch = (cwd: string, args: readonly string[]): Deno.ChildProcess =>
  new Deno.Command(denoCommand(), {
    args: ["run", "--no-lock", ...flags, main, "watch", ...args],
    cwd,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();

export interface WatchProcess {
  readonly url: string;
  /** What it printed. */
  readonly line: string;
  /** Sends a signal, and waits for the end. */
  stop(signal?: Deno.Signal): Promise<{ code: number; stdout: string; stderr: string }>;
}

/** Starts the command and waits until it listens. */
export async function startWatch(cwd: string, args: readonly string[]): Promise<WatchProcess> {
  const child = spawnWatch(cwd, args);
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const errors = new Response(child.stderr).text();
  let line = "";
  while (!line.endsWith("\n")) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`watch ended: ${await errors}`);
    line += value;
  }
  return {
    url: /^\S+/.exec(line)![0],
    line,
    async stop(signal = "SIGINT") {
      child.kill(signal);
      let stdout = "";
      for (let next; !(next = await reader.read()).done;) stdout += next.value;
      const [stderr, { code }] = await Promise.all([errors, child.status]);
      return { code, stdout, stderr };
    },
  };
}
