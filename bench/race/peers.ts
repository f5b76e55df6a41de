/** The other engines, which a Python runs: `bench/peers/`. */
import { fileURLToPath } from "node:url";
import type { Row } from "./row.ts";

const starter = fileURLToPath(new URL("./start_python.ts", import.meta.url));
const script = fileURLToPath(new URL("../peers/time_peers.py", import.meta.url));

/** What a Python printed, or the last line of what went wrong. */
type Printed = { readonly lines: readonly string[] } | { readonly problem: string };

async function runScript(
  python: string,
  options: readonly string[],
  { signal }: { signal?: AbortSignal },
): Promise<Printed> {
  const permissions = ["--no-prompt", "--no-lock", `--allow-run=${python}`];
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: ["run", ...permissions, starter, python, "-B", script, ...options],
    stdin: "null",
    signal,
  }).output();
  const lines = (bytes: Uint8Array) => new TextDecoder().decode(bytes).split("\n").filter(Boolean);
  if (code === 0) return { lines: lines(stdout) };
  return { problem: lines(stderr).at(-1) ?? `${python} ended with exit code ${code}` };
}

/**
 * The engines of every workload, by its name.
 *
 * @param signal ends the Python.
 * @throws Error if the Python cannot be started, or is ended.
 */
export async function listPeers(
  python: string,
  { signal }: { signal?: AbortSignal } = {},
): Promise<Map<string, readonly string[]>> {
  const printed = await runScript(python, ["--list"], { signal });
  if ("problem" in printed) throw new Error(`peers: ${printed.problem}`);
  return new Map(printed.lines.map((line) => {
    const [workload, ...engines] = line.split(" ");
    return [workload!, engines];
  }));
}

/**
 * Times one engine on one workload.
 *
 * @param seconds after which no more iterations begin; default: all of them.
 * @param signal ends the Python.
 */
export async function timePeer(
  { workload, engine }: { workload: string; engine: string },
  { python, signal, threads, repeats, device = "cpu", seconds = Infinity }: {
    python: string;
    signal?: AbortSignal;
    threads: number;
    repeats: number;
    device?: "cpu" | "cuda";
    seconds?: number;
  },
): Promise<Row | { readonly problem: string }> {
  const options = { engine, workload, threads, repeats, device, seconds };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const printed = await runScript(python, args, { signal });
  return "problem" in printed ? printed : JSON.parse(printed.lines.at(-1)!) as Row;
}
