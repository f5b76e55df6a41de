/** Runs a command in which one call that changes the disk fails. */
import { spawnHebb } from "../../testing/run_hebb.ts";
import { type Call, type CallKind, callMark, type Fault, killMark } from "./fault.ts";

export interface FaultyResult {
  /** Exit code; 137 after a kill. */
  readonly code: number;
  readonly stdout: string;
  /** Without what the harness tells. */
  readonly stderr: string;
  /** The calls that changed the disk; the last one is the first that failed, if there was a fault. */
  readonly calls: readonly Call[];
}

const preload = new URL("./inject_fault.ts", import.meta.url);

/**
 * Runs a command line, as a user does.
 *
 * @param options.at the call that fails, from 1; without it none does.
 */
export async function runWithFault(
  args: readonly string[],
  { folder, at, fault }: { folder: string; at?: number; fault?: Fault },
): Promise<FaultyResult> {
  const url = new URL(preload);
  if (at !== undefined && fault) {
    url.search = new URLSearchParams({ at: `${at}`, fault }).toString();
  }
  const child = spawnHebb(args, { folder, flags: [`--preload=${url}`, "--allow-run=deno"] });
  const [stderr, stdout, { code }] = await Promise.all([
    readUntilKill(child),
    new Response(child.stdout).text(),
    child.status,
  ]);
  const lines = stderr.split("\n");
  const calls = lines.filter((line) => line.startsWith(callMark)).map(parseCall);
  const said = lines.filter((line) => !line.startsWith(callMark)).join("\n");
  return { code, stdout, stderr: said, calls };
}

/** The standard error of a process, which is killed when it says that it waits for this. */
async function readUntilKill(child: Deno.ChildProcess): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of child.stderr) {
    text += decoder.decode(chunk, { stream: true });
    if (text.endsWith(`${killMark}\n`)) child.kill("SIGKILL");
  }
  return text.replace(`${killMark}\n`, "");
}

function parseCall(line: string): Call {
  const [kind = "", ...path] = line.slice(callMark.length).split(" ");
  return { kind: kind as CallKind, path: path.join(" ") };
}
