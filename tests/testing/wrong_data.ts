/** Tasks whose sequences are not what they declare. */
import type { WrongCode } from "./wrong_code.ts";

const inTask = (
  change: WrongCode["change"],
  says: string,
  { at = "export default defineTask", words }: { at?: string; words?: readonly string[] } = {},
): WrongCode => ({ file: "task", change, says, at, ...words ? { words } : {} });

const drawn = "return { x, target, mask };";
const first = "Task sums, train sequence 0 of seed 1: ";

export const wrongData: readonly WrongCode[] = [
  inTask(
    ["steps * inputs", "steps * inputs - 1"],
    `${first}"x" has 11 values, expected 12: 6 steps of a vector(2)`,
  ),
  inTask(
    ["steps * inputs", "inputs"],
    `${first}"x" has 2 values, expected 12: 6 steps of a vector(2)`,
  ),
  inTask([drawn, "return { x, target };"], `${first}expected an array "mask", got x, target`),
  inTask(
    [drawn, "return { x, targt: target, mask };"],
    `${first}"targt" is no input of the task (did you mean target?); inputs are x, target, mask`,
  ),
  inTask(
    [drawn, "return { x, target, mask, more: x };"],
    `${first}"more" is no input of the task; inputs are x, target, mask`,
  ),
  inTask(
    [drawn, "x[7] = NaN; return { x, target, mask };"],
    `${first}"x" is NaN at step 3, element 1, expected a finite number`,
  ),
  inTask(
    [drawn, "x[0] = 1 / 0; return { x, target, mask };"],
    `${first}"x" is Infinity at step 0, element 0, expected a finite number`,
  ),
  inTask(
    [drawn, "target[5] = NaN; return { x, target, mask };"],
    `${first}"target" is NaN at step 5, expected a finite number`,
  ),
  inTask(
    [drawn, "mask[2] = NaN; return { x, target, mask };"],
    `${first}"mask" is NaN at step 2, expected a finite number`,
  ),
  inTask(
    [drawn, "return { x: 3, target, mask };"],
    `${first}"x": expected a Float32Array, got number`,
  ),
  inTask(
    [drawn, "return { x: [[1, 2], [3, 4]], target, mask };"],
    `${first}"x": expected a Float32Array of numbers, element 0 is an array`,
  ),
  inTask(
    [drawn, "return { x: Array(12).fill('1'), target, mask };"],
    `${first}"x": expected a Float32Array of numbers, element 0 is string`,
  ),
  inTask([drawn, ""], `${first}expected an object of arrays, got undefined`),
  inTask(
    ["sequence(random) {", "async sequence(random) {"],
    `${first}expected an object of arrays, got a Promise`,
  ),
  inTask(
    [drawn, "return new Map([['x', x]]);"],
    `${first}expected an object of arrays, got a Map`,
  ),
  inTask([drawn, "throw new Error('file is gone');"], "file is gone", { at: "file is gone" }),
  inTask([drawn, "return { x, target, mask: msk };"], "msk is not defined", { at: "msk" }),
  inTask(
    [drawn, "if (random.address.stream === 2) x[0] = NaN; return { x, target, mask };"],
    `Task sums, validation sequence 0 of seed 1: "x" is NaN at step 0, element 0`,
  ),
  inTask(
    ["    steps,\n", "    steps: 2.5,\n"],
    "Task sums: steps: expected a whole number of at least 1, got 2.5",
  ),
  inTask(
    ["output: []", "output: 1"],
    "Task sums: output: expected a shape such as [] or [5], got 1",
  ),
  inTask(
    ["x: [inputs]", "x: inputs"],
    `Task sums: inputs: expected a shape such as [] or [5] of "x", got 2`,
  ),
  inTask(
    ['score: "error"', 'score: "eror"'],
    `Task sums: score: loss squared-error has no metric "eror" (did you mean error?); metrics are loss, error`,
  ),
  inTask(["    score:", "    scor:"], `Task sums: unknown key "scor" (did you mean score?)`),
  inTask(["    loss: squaredError,\n", ""], `Task sums: expected "loss"`),
  inTask(
    ["target: [], mask: [] },\n    output", "target: [] },\n    output"],
    `Task sums: inputs: its loss squared-error reads "mask", which it does not make`,
  ),
  inTask(
    ["target: [], mask: [] },\n    output", "target: [3], mask: [] },\n    output"],
    `Task sums: inputs: it makes "target" as [3], its loss squared-error reads []`,
  ),
  inTask(
    ["sizes: { inputs }", "sizes: { inputs: 3 }"],
    `Task sums makes "x" as a vector(2), the program reads a vector(3)`,
  ),
  inTask(["build: (", "build: async ("], "Task: build returns a promise, expected a task"),
  inTask(
    ["chance: NaN", "batch: 2.5"],
    "Task sums: batch: expected a whole number of at least 1, got 2.5",
  ),
  inTask(["chance: NaN", 'chance: "half"'], `Task sums: chance: expected a number, got "half"`),
  inTask(
    ["chance: NaN", 'notes: "a note"'],
    `Task sums: notes: expected a list of texts, got "a note"`,
  ),
  inTask(
    ["chance: NaN", "heldOut: { validation: 3, test: 0 }"],
    "Task sums: heldOut: expected whole numbers of at least 1 as validation and test, got " +
      '{"validation":3,"test":0}',
  ),
  inTask(
    ["chance: NaN", 'samples: { prompts: ["a"], length: 3, temperature: 1 }'],
    'Task sums: samples: a text is read as "symbol", which it does not make',
  ),
  inTask(
    ["chance: NaN", "levels: 3"],
    "Task sums: levels: expected levels, with a function at, got 3",
  ),
  inTask(
    ["chance: NaN", "episode: 3"],
    "Task sums: episode: expected a function, got 3",
  ),
  inTask(["summary:", "sumary:"], `defineTask: unknown key "sumary" (did you mean summary?)`),
];
