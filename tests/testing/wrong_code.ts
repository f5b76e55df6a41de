/** Trains with code of one's own that is wrong in one place, in this process. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { mock } from "node:test";
import { main } from "../../cli/main.ts";

/** What is wrong, as a change of one of the files below. */
export interface WrongCode {
  /** Which file is changed. */
  readonly file: keyof typeof texts;
  /** A piece of the file, and what stands there instead. */
  readonly change: readonly [from: string, to: string];
  /** What the line says. */
  readonly says: string;
  /** A piece of the line that the error names; "": no place is looked for. */
  readonly at: string;
  /** Names that the file imports from hebb as well. */
  readonly imports?: string;
  /** More words of the command line. */
  readonly words?: readonly string[];
}

const model =
  `import { add, concat, defineModel, dot, matrix, matvec, mul, normal, oneHot, outer, scalar,
  sigmoid, vector } from "hebb";
import { z } from "zod";
export default defineModel({
  name: "net",
  config: z.strictObject({ inputs: z.int().min(1), hidden: z.int().min(1).default(3) }),
  fromTask: ["inputs"],
  parameters: ({ inputs, hidden }) => ({
    w: matrix(hidden, inputs, normal(0.5)),
    readout: vector(hidden, normal(0.3)),
    decay: scalar(0.9),
  }),
  state: ({ inputs, hidden }) => ({ fast: matrix(hidden, inputs) }),
  inputs: ({ inputs }) => ({ x: [inputs] }),
  step({ w, readout, decay }, { fast }, { x }) {
    const h = sigmoid(matvec(add(w, fast), x));
    const next = mul(decay, fast);
    const y = dot(readout, h);
    return { state: { fast: next }, output: y };
  },
});
`;

const task = `import { add, defineTask, mul, square, sub, where } from "hebb";
import { z } from "zod";
const squaredError = {
  name: "squared-error",
  inputs: { target: [], mask: [] },
  step({ output, targets: { target, mask } }) {
    const loss = where(mask, square(sub(output, target)), 0);
    return { loss, weight: mask, sums: { loss, steps: mask } };
  },
  metrics: { loss: ["loss", "steps"], error: ["loss", "steps"] },
  means: ["error"],
};
const steps = 6;
export default defineTask({
  name: "sums",
  summary: "Numbers",
  aliases: [],
  config: z.strictObject({ inputs: z.int().default(2) }),
  build: ({ inputs }, facts) => ({
    ...facts,
    steps,
    sizes: { inputs },
    inputs: { x: [inputs], target: [], mask: [] },
    output: [],
    loss: squaredError,
    score: "error",
    chance: NaN,
    bestLoss: 0,
    sequence(random) {
      const x = new Float32Array(steps * inputs).fill(0.5);
      const target = new Float32Array(steps);
      const mask = new Float32Array(steps).fill(1);
      for (let t = 0; t < steps; t++) target[t] = random.normal();
      return { x, target, mask };
    },
  }),
});
`;

const updater = `import { defineUpdater, updaters } from "hebb";
import { z } from "zod";
export default defineUpdater({
  name: "mine",
  summary: "Like bptt",
  config: z.strictObject({ learning_rate: z.number().default(0.01) }),
  build(learning, config) {
    return updaters.bptt.build(learning, config);
  },
});
`;

const texts = { model, task, updater };

/** What a command printed, by stream. */
interface Printed {
  readonly code: number;
  readonly errors: readonly string[];
  readonly lines: readonly string[];
}

/** Runs a command line here. */
export async function runHere(args: readonly string[]): Promise<Printed> {
  const [err, log] = [
    mock.method(console, "error", () => {}),
    mock.method(console, "log", () => {}),
  ];
  const linesOf = ({ mock: { calls } }: typeof err) => calls.map((call) => String(call.arguments));
  try {
    const code = await main(args);
    return { code, errors: linesOf(err), lines: linesOf(log) };
  } finally {
    err.mock.restore();
    log.mock.restore();
  }
}

/** Writes the files of a case, one of them changed. @returns the words that train with them. */
export function writeCase(
  folder: string,
  { file, change: [from, to], imports }: WrongCode,
): string[] {
  assert.ok(texts[file].includes(from), `${file} has no ${from}`);
  Deno.mkdirSync(folder);
  for (const [name, text] of Object.entries(texts)) {
    const changed = name === file ? text.replace(from, () => to) : text;
    const more = name === file && imports ? `import { ${imports} } from "hebb";\n` : "";
    Deno.writeTextFileSync(join(folder, `${name}.ts`), more + changed);
  }
  return Object.keys(texts).flatMap((name) => [`--${name}`, join(folder, `${name}.ts`)]);
}

/** The place in the changed file that an error should name. */
export function placeOf(folder: string, { file, at }: WrongCode): string | undefined {
  if (at === "") return undefined;
  const lines = Deno.readTextFileSync(join(folder, `${file}.ts`)).split("\n");
  const row = lines.findIndex((line) => line.includes(at));
  assert.ok(row >= 0, `${file} has no ${at}`);
  return `/${file}.ts:${row + 1}:`;
}
