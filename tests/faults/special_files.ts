/** Puts what is no plain file at each path of a run and of an experiment, and runs what meets it there. */
import { basename, dirname, join } from "node:path";
import { writeSampleRun } from "../../report/visualization/testing/sample_run.ts";
import { changeOf, type Files, filesOf, writeFiles } from "./folder_files.ts";
import { errorsOf, outcomeProblem, runCommand } from "./run_command.ts";
import type { PrepareTrials } from "./trial.ts";

const secret = "the secret";

interface SpecialKind {
  /** How an error names it. */
  readonly words: string;
  /** @param elsewhere a folder with a file `secret`. */
  make(path: string, elsewhere: string, isFolder: boolean): void;
}

export const specialKinds: Readonly<Record<string, SpecialKind>> = {
  "a link": {
    words: "a symbolic link",
    make: (path, elsewhere, isFolder) =>
      Deno.symlinkSync(isFolder ? elsewhere : join(elsewhere, "secret"), path),
  },
  "a link to nothing": {
    words: "a symbolic link",
    make: (path, elsewhere) => Deno.symlinkSync(join(elsewhere, "nothing"), path),
  },
  "a link to a device without end": {
    words: "a symbolic link",
    make: (path) => Deno.symlinkSync("/dev/zero", path),
  },
  "a link to a device that takes all": {
    words: "a symbolic link",
    make: (path) => Deno.symlinkSync("/dev/null", path),
  },
  "a folder or file": {
    words: "a fol|a fil",
    make: (path, _, isFolder) =>
      isFolder ? Deno.writeTextFileSync(path, secret) : Deno.mkdirSync(path),
  },
  "a pipe": { words: "a named pipe", make: (path) => system("mkfifo", path) },
  "a device": { words: "a device", make: (path) => system("mknod", path, "c", "1", "5") },
  "a socket": {
    words: "a socket",
    make: (path) => Deno.listen({ transport: "unix", path }).unref(),
  },
};

function system(command: string, ...args: string[]): void {
  const { success } = new Deno.Command(command, { args, stderr: "null" }).outputSync();
  if (!success) throw new Error(`${command} does not work here`);
}

const device = "--device=reference";
const resume = "train --resume @ --progress=none";
const judge = `evaluate @ ${device} --scenes=2`;
const show = "runs show @";
const tables = "runs export @ --only=csv";
const judgeNewest = `${judge} --level=newest`;
const draw = `visualize @ ${device} --scenes=1 --images=svg`;

/** For each path of a run, the commands that read or write it. A name without a dot is a folder. */
const users: Readonly<Record<string, readonly string[]>> = {
  "config.json": ["report @", show, tables, judge, draw, resume],
  "environment.json": ["report @", show, resume],
  "status.json": ["report @", show, tables, resume],
  "metrics.jsonl": ["report @", tables, resume],
  "figures.json": ["report @", show, resume],
  "own_figures.json": ["report @", resume],
  "report.html": ["report @", resume],
  ".lock": [resume],
  "evaluation.json": [judge],
  "evaluation.html": [judge],
  "visualization.html": [draw],
  "checkpoints/step-000000000040.safetensors": [judgeNewest, resume],
  "levels/level-0001-seed-5.safetensors": [judge, draw, resume],
  "checkpoints": [judgeNewest, resume],
  "levels": [judge, draw, resume],
  "images/R_1": [draw],
  "images": [draw],
};

/** The same for the folder of an experiment, in which the run lies. */
const experimentUsers: Readonly<Record<string, readonly string[]>> = {
  "report.html": ["experiments hybrid --report --out=@"],
  "results.json": ["experiments hybrid --report --out=@"],
};

interface Case {
  readonly path: string;
  readonly kind: string;
  readonly command: string;
}

function* casesOf(table: typeof users): Generator<Case> {
  for (const [path, commands] of Object.entries(table)) {
    for (const command of commands) {
      for (const kind of Object.keys(specialKinds)) yield { path, kind, command };
    }
  }
}

export const cases: readonly Case[] = [...casesOf(users), ...casesOf(experimentUsers)];

/** Kinds that can be made with the rights of this process, and why the others cannot. */
function possibleKinds(root: string): Map<string, string | undefined> {
  const reasons = new Map<string, string | undefined>();
  for (const [name, kind] of Object.entries(specialKinds)) {
    const path = join(root, "trial");
    try {
      kind.make(path, root, false);
      reasons.set(name, undefined);
      Deno.removeSync(path, { recursive: true });
    } catch (error) {
      reasons.set(name, (error as Error).message);
      console.error(`left out: ${name}: ${(error as Error).message}`);
    }
  }
  return reasons;
}

export const prepareTrials: PrepareTrials = ({ root }) => {
  const [folder, elsewhere] = [join(root, "run"), join(root, "elsewhere")];
  writeSampleRun(folder, { levels: [1], checkpoint: true });
  const files = filesOf(folder);
  Deno.removeSync(folder, { recursive: true });
  writeFiles(elsewhere, new Map([".tmp-1-ab", "secret"].map((name) => [name, encode(secret)])));
  const outside = filesOf(elsewhere);
  const reasons = possibleKinds(root);
  return Promise.resolve(async (number) => {
    const { path, kind, command } = cases[number]!;
    if (reasons.get(kind) !== undefined) return undefined;
    const { make, words } = specialKinds[kind]!;
    const isFolder = !basename(path).includes(".");
    writeFiles(folder, without(files, path));
    Deno.mkdirSync(dirname(join(folder, path)), { recursive: true });
    make(join(folder, path), elsewhere, isFolder);
    const before = filesOf(folder);
    try {
      const begin = performance.now();
      const outcome = await runCommand(command.replace("@", folder).split(" "));
      const [error = ""] = errorsOf(outcome);
      const says = new RegExp(`${basename(path)}.* is (${words}).*, expected a`);
      const problem = outcomeProblem(outcome, (performance.now() - begin) / 1000) ??
        (outcome.code === 2 ? undefined : `code ${outcome.code}: ${error}`) ??
        (says.test(error) ? undefined : `says ${error}`) ??
        (error.includes(secret) ? `tells the secret: ${error}` : undefined) ??
        changeOf(before, filesOf(folder)) ?? changeOf(outside, filesOf(elsewhere));
      return problem && `${command}, ${path} is ${kind}: ${problem}`;
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  });
};

const encode = (text: string) => new TextEncoder().encode(text);

const without = (files: Files, path: string): Files =>
  new Map([...files].filter(([name]) => name !== path && !name.startsWith(`${path}/`)));
