/** The kinds of files that are damaged, and the commands that meet each of them. */
import { join } from "node:path";
import { main as parity } from "../../tools/parity/parity.ts";
import { writeOwnFigures } from "../../report/own_figures.ts";
import { writeSampleRun } from "../../report/visualization/testing/sample_run.ts";
import { tinyArguments } from "../testing/tiny_run.ts";
import { byteMutations } from "./mutate_bytes.ts";
import { headerMutations, plainTensorMutations, sealedMutations } from "./mutate_tensors.ts";
import { textMutations } from "./mutate_text.ts";
import type { RandomStream } from "../../core/random.ts";
import { runCommand } from "./run_command.ts";

type Bytes = Uint8Array<ArrayBuffer>;
export type Mutation = (bytes: Bytes, random: RandomStream) => Bytes;
export type Mutations = Readonly<Record<string, Mutation>>;

export interface MutantKind {
  /** The folder that holds the file: a copy of the one that `sources` writes. */
  readonly source: keyof typeof sources;
  readonly path: string;
  readonly mutations: Mutations;
  /** Whether other content can be told from that of the whole file: it has a seal, or no command reads it. */
  readonly isSealed?: boolean;
  /** Whether equal meaning is equal content, since it is JSON. */
  readonly isJson?: boolean;
  /** The commands that replace the file without reading it. */
  readonly unreadBy?: readonly string[];
  /** Command lines; `@` stands for the folder. */
  readonly commands: readonly string[];
  readonly main?: typeof parity;
}

const device = "--device=reference";

/** Each fills an empty folder. */
export const sources = {
  /** A run that was stopped after 6 of 8 iterations. */
  async run(folder: string): Promise<void> {
    const lengths = ["--iterations=6", "--checkpoint-every=2"];
    await runCommand([...tinyArguments, ...lengths, device, `--out=${folder}`]);
    for (const { name } of Deno.readDirSync(folder)) {
      // It would be copied for every mutant, and no command reads it.
      if (name === "report.html") Deno.removeSync(join(folder, name));
    }
    const traces = [{ type: "scatter", x: [1, 2, 3], y: [3, 2, 1], name: "loss" }];
    writeOwnFigures(folder, [{ title: "Loss", note: "Of a script.", traces }]);
    await runCommand(["evaluate", folder, device, "--sequences=2"]);
    Deno.removeSync(join(folder, "evaluation.html"));
  },
  levels: (folder: string) => void writeSampleRun(folder, { levels: [1], checkpoint: true }),
  settings(folder: string): void {
    const settings = {
      task: { name: "1_small_palindrome_vary" },
      model: { name: "ethereal", hidden_size: 4, num_layers: 1, input_mode: "last_one" },
      updater: { name: "dfa", learning_rate: 0.003 },
      training: { seeds: [1, 2], iterations: 2, batch_size: 2 },
    };
    Deno.writeTextFileSync(join(folder, "settings.json"), JSON.stringify(settings, null, 1));
    const lines = Object.entries(settings).flatMap(([section, values]) => [
      `${section}:`,
      ...Object.entries(values).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`),
    ]);
    Deno.writeTextFileSync(
      join(folder, "settings.yaml"),
      `# Some settings.\n${lines.join("\n")}\n`,
    );
  },
  golden: (folder: string) =>
    Deno.copyFileSync(
      new URL("../goldens/rnn_dfa_clipped.safetensors", import.meta.url),
      join(folder, "golden.safetensors"),
    ),
};

const texts: Mutations = Object.fromEntries(
  Object.entries(textMutations).map(([name, mutate]) => [
    name,
    (bytes, random) => new TextEncoder().encode(mutate(new TextDecoder().decode(bytes), random)),
  ]),
);

const text: Mutations = { ...byteMutations, ...texts };

const checkpoint = "checkpoints/step-000000000006.safetensors";
const report = "report @";
const show = "runs show @";
const tables = "runs export @ --only=csv";
const resume = `train --resume @ --iterations=8 --progress=none`;
const judge = `evaluate @ ${device} --sequences=2`;
const draw = `visualize @ ${device}`;

export const kinds: Readonly<Record<string, MutantKind>> = {
  "config.json": {
    source: "run",
    path: "config.json",
    mutations: text,
    isJson: true,
    commands: [report, judge, draw, show, tables, resume],
  },
  "environment.json": {
    source: "run",
    path: "environment.json",
    mutations: text,
    isJson: true,
    commands: [report, show, resume],
  },
  "status.json": {
    source: "run",
    path: "status.json",
    mutations: text,
    isJson: true,
    unreadBy: [resume],
    commands: [report, show, tables, resume],
  },
  "metrics.jsonl": {
    source: "run",
    path: "metrics.jsonl",
    mutations: text,
    commands: [report, tables, resume],
  },
  "figures.json": {
    source: "run",
    path: "figures.json",
    mutations: text,
    isJson: true,
    unreadBy: [resume],
    commands: [report, show, resume],
  },
  "own_figures.json": {
    source: "run",
    path: "own_figures.json",
    mutations: text,
    isJson: true,
    unreadBy: [resume],
    commands: [report, resume],
  },
  "evaluation.json": {
    source: "run",
    path: "evaluation.json",
    mutations: text,
    isSealed: true,
    commands: [report, judge],
  },
  "checkpoint": {
    source: "run",
    path: checkpoint,
    mutations: { ...byteMutations, ...headerMutations },
    isSealed: true,
    commands: [judge, draw, resume],
  },
  "sealed checkpoint": {
    source: "run",
    path: checkpoint,
    mutations: sealedMutations,
    commands: [judge, draw, resume],
  },
  "level": {
    source: "levels",
    path: "levels/level-0001-seed-5.safetensors",
    mutations: { ...byteMutations, ...headerMutations },
    isSealed: true,
    commands: [`evaluate @ ${device} --scenes=2`, `visualize @ ${device} --scenes=1`],
  },
  "sealed level": {
    source: "levels",
    path: "levels/level-0001-seed-5.safetensors",
    mutations: sealedMutations,
    commands: [`evaluate @ ${device} --scenes=2`, `visualize @ ${device} --scenes=1`],
  },
  "events": {
    source: "run",
    path: "events.out.tfevents",
    mutations: byteMutations,
    isSealed: true,
    commands: [report, resume],
  },
  ".lock": {
    source: "run",
    path: ".lock",
    mutations: byteMutations,
    isSealed: true,
    commands: [report, resume],
  },
  "settings.json": {
    source: "settings",
    path: "settings.json",
    mutations: text,
    isJson: true,
    commands: [`train --config @/settings.json --dry-run ${device}`],
  },
  "settings.yaml": {
    source: "settings",
    path: "settings.yaml",
    mutations: text,
    commands: [`train --config @/settings.yaml --dry-run ${device}`],
  },
  "golden": {
    source: "golden",
    path: "golden.safetensors",
    mutations: { ...byteMutations, ...headerMutations, ...plainTensorMutations },
    commands: [`@/golden.safetensors ${device}`],
    main: parity,
  },
};
