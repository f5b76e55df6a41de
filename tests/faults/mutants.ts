/** Damages one file of a folder, runs a command on the folder, and says what went wrong, if anything. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { randomStream, streamOf } from "../../core/random.ts";
import { duplicateKey } from "../../config/duplicate_key.ts";
import { outcome as resultOf } from "../testing/tiny_run.ts";
import { areEqual, type Bytes, changeOf, type Files, filesOf, writeFiles } from "./folder_files.ts";
import { kinds, type MutantKind, sources } from "./mutant_kinds.ts";
import { errorsOf, type Outcome, outcomeProblem, runCommand } from "./run_command.ts";
import type { Trial } from "./trial.ts";

/** The path in a folder of the file that a kind is about; the names of events end with the time. */
const pathIn = (files: Files, { path }: MutantKind): string =>
  [...files.keys()].find((name) => name.startsWith(path))!;

/** What a JSON text means; undefined if it is none, or says a key twice. */
function meaningOf(bytes: Bytes): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const value = JSON.stringify(JSON.parse(text));
    return duplicateKey(text) === undefined ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What a command may write, if it ends well; all but training leaves the numbers of a run alone. */
const written: Readonly<Record<string, RegExp>> = {
  report: /^report\.html$/,
  evaluate: /^evaluation\.(json|html)$/,
  visualize: /^visualization\.html$/,
  runs: /^export\//,
  train: /^/,
};

/** What a command says and draws, without the names of folders and times. */
function shown({ command, folder, outcome }: {
  command: string;
  folder: string;
  outcome: Outcome;
}): string {
  if (command.startsWith("train --resume")) {
    const { metadata: _, ...result } = resultOf(folder) as Record<string, unknown>;
    const plain = (_key: string, value: unknown) => value instanceof Map ? [...value] : value;
    return JSON.stringify(result, plain);
  }
  const pages = ["report.html", "visualization.html"].map((name) => join(folder, name))
    .filter((path) => existsSync(path))
    .map((path) => createHash("sha256").update(Deno.readFileSync(path)).digest("hex"));
  return [outcome.output.replaceAll(folder, "@"), ...pages].join("\n");
}

interface Prepared {
  readonly files: Files;
  /** What each command shows of the whole folder. */
  readonly expected: ReadonlyMap<string, string>;
  /** What each command shows of the folder without the file, where it does its work then. */
  readonly without: ReadonlyMap<string, string>;
}

async function prepare(kind: MutantKind, root: string): Promise<Prepared> {
  const whole = join(root, kind.source);
  Deno.mkdirSync(whole, { recursive: true });
  await sources[kind.source](whole);
  const files = filesOf(whole);
  Deno.removeSync(whole, { recursive: true });
  const without = new Map(files);
  without.delete(pathIn(files, kind));
  const results = {
    files,
    expected: new Map<string, string>(),
    without: new Map<string, string>(),
  };
  for (const command of kind.commands) {
    const whole = await resultIn(join(root, "run"), { kind, command, files });
    if (whole === undefined) throw new Error(`${command} does not work`);
    results.expected.set(command, whole);
    const result = await resultIn(join(root, "run"), { kind, command, files: without });
    if (result !== undefined) results.without.set(command, result);
  }
  return results;
}

async function resultIn(
  folder: string,
  { kind, command, files }: Pick<Prepared, "files"> & { kind: MutantKind; command: string },
): Promise<string | undefined> {
  writeFiles(folder, files);
  const outcome = await runCommand(wordsOf(command, folder), kind.main);
  const result = outcome.code === 0 ? shown({ command, folder, outcome }) : undefined;
  Deno.removeSync(folder, { recursive: true });
  return result;
}

const wordsOf = (command: string, folder: string): string[] =>
  command.split(" ").map((word) => word.replace("@", folder));

/** The trials of a kind of file. */
export async function prepareTrials(
  { name, seed, root }: { name: string; seed: number; root: string },
): Promise<Trial> {
  const kind = kinds[name]!;
  const prepared = await prepare(kind, root);
  const { files } = prepared;
  const path = pathIn(files, kind);
  const mutations = Object.keys(kind.mutations);
  return async (number) => {
    const random = randomStream({ seed, stream: streamOf(name), step: number });
    const mutation = mutations[number % mutations.length]!;
    const command = kind.commands[Math.floor(number / mutations.length) % kind.commands.length]!;
    const whole = files.get(path)!;
    const damaged = kind.mutations[mutation]!(whole, random);
    const folder = join(root, "run");
    const before = new Map(files).set(path, damaged);
    writeFiles(folder, before);
    try {
      const begin = performance.now();
      const outcome = await runCommand(wordsOf(command, folder), kind.main);
      const seconds = (performance.now() - begin) / 1000;
      const mayWrite = outcome.code === 0 ? written[command.split(" ", 1)[0]!] : undefined;
      const problem = outcomeProblem(outcome, seconds, new TextDecoder().decode(damaged)) ??
        changeOf(before, filesOf(folder), mayWrite) ??
        contentProblem({ kind, whole, damaged, outcome, command }) ??
        resultProblem({ kind, whole, damaged, outcome, command, folder, prepared });
      return problem && `${mutation}, ${command}: ${problem}`;
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  };
}

/** Whether what cannot be read is refused, and a line says which file that is. */
function contentProblem(
  { kind, whole, damaged, outcome, command }: {
    kind: MutantKind;
    whole: Bytes;
    damaged: Bytes;
    outcome: Outcome;
    command: string;
  },
): string | undefined {
  const { code } = outcome;
  if (code === 2) {
    if (areEqual(whole, damaged)) return `the whole file is refused: ${errorsOf(outcome)[0]}`;
    const [error = ""] = errorsOf(outcome);
    // Nothing in the file is wrong where it only asks for more memory than this machine has.
    if (error.startsWith("error: the run needs at least")) return undefined;
    return error.includes(basename(kind.path)) ? undefined : `does not name the file: ${error}`;
  }
  // Parity says so of numbers that differ, and of settings that it does not know.
  if (code === 1 && kind.main === undefined) {
    return `failed: ${errorsOf(outcome)[0]}`;
  }
  const isRead = kind.isJson && !kind.unreadBy?.includes(command);
  return isRead && meaningOf(damaged) === undefined ? "what is no JSON was accepted" : undefined;
}

/** Whether a file that means the same, or is not used, gives the same result. */
function resultProblem({ kind, whole, damaged, outcome, command, folder, prepared }: {
  kind: MutantKind;
  whole: Bytes;
  damaged: Bytes;
  outcome: Outcome;
  command: string;
  folder: string;
  prepared: Prepared;
}): string | undefined {
  if (outcome.code !== 0) return undefined;
  const isLeftOut = outcome.lines.some((line) =>
    line.startsWith("damaged ") && line.includes(basename(kind.path))
  );
  const isSame = kind.isSealed || kind.unreadBy?.includes(command) || areEqual(whole, damaged) ||
    kind.isJson && meaningOf(whole) === meaningOf(damaged);
  if (!isLeftOut && !isSame) return undefined;
  const expected = (isLeftOut ? prepared.without : prepared.expected).get(command);
  const result = shown({ command, folder, outcome });
  return result === expected ? undefined : `another result: ${result}, expected ${expected}`;
}
