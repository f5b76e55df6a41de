/** `environment.json`: versions, device and command of a run, so that its result can be repeated. */
import { join } from "node:path";
import { cachedDataVersionTag } from "node:v8";
import { gitState } from "./git_state.ts";
import { readJsonFile, writeJsonFile } from "./json_file.ts";

export interface EnvironmentOptions {
  /** Version of Hebb. */
  readonly version: string;
  /** The device as its backend describes it: name, driver, limits. */
  readonly device: unknown;
  readonly commandLine: readonly string[];
  readonly start?: Date;
  /** Folder whose git commit is recorded; by default that of this source. */
  readonly sourceFolder?: string;
}

const v8Flags = { name: "env", variable: "DENO_V8_FLAGS" } as const;

/** Flags of V8 that the environment gives; null where there are none, or they may not be read. */
const readV8Flags = (): string | null =>
  Deno.permissions.querySync(v8Flags).state === "granted"
    ? Deno.env.get(v8Flags.variable) ?? null
    : null;

/** The record of this process. It needs no permission but that to read files. */
export function describeEnvironment(options: EnvironmentOptions): Record<string, unknown> {
  const { version, device, commandLine, start = new Date() } = options;
  const sourceFolder = options.sourceFolder ?? import.meta.dirname;
  const { commit, isDirty } = sourceFolder === undefined
    ? { commit: null, isDirty: null }
    : gitState(sourceFolder);
  return {
    hebb: version,
    git_commit: commit,
    git_dirty: isDirty,
    deno: Deno.version.deno,
    v8: Deno.version.v8,
    v8_flags: readV8Flags(),
    // A number that V8 makes of its version, all its flags and what the processor has.
    v8_tag: cachedDataVersionTag(),
    typescript: Deno.version.typescript,
    os: Deno.build.os,
    arch: Deno.build.arch,
    device,
    command_line: commandLine,
    started: start.toISOString(),
  };
}

/** Writes the record into a run folder. Records of earlier starts move to its list `earlier`. */
export function writeEnvironment(folder: string, environment: Record<string, unknown>): void {
  const path = join(folder, "environment.json");
  const earlier: unknown[] = [];
  try {
    const { earlier: before, ...last } = readJsonFile(path);
    earlier.push(...(Array.isArray(before) ? before : []), last);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  writeJsonFile(path, earlier.length > 0 ? { ...environment, earlier } : environment);
}
