/** Runs the command line as a user does, with the permissions of the tasks in deno.json. */
import { fileURLToPath } from "node:url";

export interface HebbResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface HebbOptions {
  /** The folder where the command runs, the only one that it may write to. */
  readonly folder: string;
  /** What stands for its standard input; "piped" stays open [null]. */
  readonly stdin?: "null" | "piped";
  /** More flags of Deno. */
  readonly flags?: readonly string[];
  /** Whether it leads a process group of its own, which a signal can be sent to. */
  readonly group?: boolean;
  /** More environment variables. */
  readonly env?: Readonly<Record<string, string>>;
}

const main = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));
const variables =
  "NODEVICE_SELECT,DENO_WEBGPU_BACKEND,XDG_RUNTIME_DIR,NO_COLOR,HF_HOME,DENO_V8_FLAGS";

/** The permissions of the tasks in deno.json; only one folder may be written. */
export const hebbFlags = (folder: string): readonly string[] => [
  "--no-prompt",
  "--allow-read",
  `--allow-write=${folder}`,
  "--allow-sys=systemMemoryInfo",
  `--allow-env=${variables}`,
  // The YAML parser asks for these.
  "--ignore-env=LOG_TOKENS,LOG_STREAM",
];

/** Starts a command line; the caller waits for its end. */
export function spawnHebb(
  args: readonly string[],
  { folder, stdin = "null", flags = [], group = false, env = {} }: HebbOptions,
): Deno.ChildProcess {
  return new Deno.Command(denoCommand(), {
    args: [
      "run",
      "--no-lock",
      ...hebbFlags(folder),
      ...flags,
      main,
      ...args,
    ],
    cwd: folder,
    env: { NO_COLOR: "1", ...env },
    stdin,
    detached: group,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Runs a command line to its end. */
export async function runHebb(
  args: readonly string[],
  options: HebbOptions,
): Promise<HebbResult> {
  return await endOf(spawnHebb(args, options));
}

export async function endOf(child: Deno.ChildProcess): Promise<HebbResult> {
  const { code, stdout, stderr } = await child.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** The running Deno, or the one on the path if tests may only run that name. */
export function denoCommand(): string {
  const command = Deno.execPath();
  const { state } = Deno.permissions.querySync({ name: "run", command });
  return state === "granted" ? command : "deno";
}
