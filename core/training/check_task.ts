import { CodeError } from "../code_error.ts";
import { definitionPlace } from "../code_place.ts";
import { checkMetrics } from "../losses/check_metrics.ts";
import { checkKeys, type KeysOf } from "../program/check_spec.ts";
import { describeInput } from "../program/input.ts";
import { didYouMean } from "../similar_name.ts";
import type { Task } from "./task.ts";

const keys: KeysOf<Task> = {
  name: "required",
  summary: "required",
  steps: "required",
  inputs: "required",
  loss: "required",
  output: "required",
  sizes: "required",
  alphabet: "optional",
  score: "required",
  chance: "optional",
  bestLoss: "optional",
  guessing: "optional",
  guessedBy: "optional",
  batch: "optional",
  heldOut: "optional",
  dataHash: "optional",
  levels: "optional",
  goal: "optional",
  scenes: "optional",
  samples: "optional",
  notes: "optional",
  sequence: "required",
  episode: "optional",
};

const isExtent = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 1;
const isShape = (value: unknown): boolean => Array.isArray(value) && value.every(isExtent);

/**
 * Checks what an author's task comes to.
 *
 * @param place where the task was defined.
 * @throws CodeError for the first thing that is missing, unknown or contradicts another.
 */
export function checkTask(task: Task, place: () => string | undefined): void {
  const what = `Task ${task?.name ?? "of no name"}`;
  if (task as unknown instanceof Promise) {
    throw new CodeError(
      "Task: build returns a promise, expected a task; it must not be async",
      place(),
    );
  }
  const fail = (problem: string): never => {
    throw new CodeError(`${what}: ${problem}`, place());
  };
  checkKeys(what, task, { keys, functions: ["sequence"], place });
  checkFacts(task, fail);
  const { steps, inputs, output, loss, sizes, score } = task;
  if (!isExtent(steps)) fail(`steps: expected a whole number of at least 1, got ${steps}`);
  if (!isShape(output)) fail(`output: expected a shape such as [] or [5], got ${text(output)}`);
  for (const [name, declaration] of Object.entries(inputs)) {
    if (isShape(declaration) || isShape((declaration as { shape?: unknown })?.shape)) continue;
    fail(`inputs: expected a shape such as [] or [5] of "${name}", got ${text(declaration)}`);
  }
  for (const [name, size] of Object.entries(sizes)) {
    if (!isExtent(size)) fail(`sizes: expected a whole number as "${name}", got ${text(size)}`);
  }
  if (typeof loss.step !== "function" || typeof loss.metrics !== "object") {
    fail("loss: expected a loss, with step, inputs and metrics");
  }
  checkMetrics(loss, () => definitionPlace(loss) ?? place());
  const metrics = Object.keys(loss.metrics);
  if (!metrics.includes(score)) {
    fail(
      `score: loss ${loss.name} has no metric "${score}"${
        didYouMean(score, metrics)
      }; metrics are ` +
        metrics.join(", "),
    );
  }
  for (const [name, declaration] of Object.entries(loss.inputs)) {
    const made = inputs[name];
    const { shape: reads, missing } = describeInput(declaration);
    if (made === undefined) {
      if (missing !== undefined) continue;
      fail(
        `inputs: its loss ${loss.name} reads "${name}", which it does not make` +
          didYouMean(name, Object.keys(inputs)),
      );
    }
    const { shape: makes } = describeInput(made!);
    if (makes.join() === reads.join()) continue;
    fail(`inputs: it makes "${name}" as [${makes}], its loss ${loss.name} reads [${reads}]`);
  }
}

/** Checks what a task says beside its sequences. */
function checkFacts(task: Task, fail: (problem: string) => never): void {
  const { batch, heldOut, dataHash, chance, bestLoss, notes, levels, episode } = task;
  if (batch !== undefined && !isExtent(batch)) {
    fail(`batch: expected a whole number of at least 1, got ${text(batch)}`);
  }
  if (heldOut !== undefined && !(isExtent(heldOut?.validation) && isExtent(heldOut?.test))) {
    fail(
      "heldOut: expected whole numbers of at least 1 as validation and test, got " + text(heldOut),
    );
  }
  if (dataHash !== undefined && typeof dataHash !== "string") {
    fail(`dataHash: expected a text, got ${text(dataHash)}`);
  }
  for (const [name, value] of Object.entries({ chance, bestLoss })) {
    if (value === undefined || typeof value === "number") continue;
    fail(`${name}: expected a number, got ${text(value)}`);
  }
  if (notes !== undefined && !Array.isArray(notes)) {
    fail(`notes: expected a list of texts, got ${text(notes)}`);
  }
  checkSamples(task, fail);
  if (levels !== undefined && typeof levels?.at !== "function") {
    fail(`levels: expected levels, with a function at, got ${text(levels)}`);
  }
  if (episode !== undefined && typeof episode !== "function") {
    fail(`episode: expected a function, got ${text(episode)}`);
  }
}

/** Checks what a trained network is to write. */
function checkSamples(
  { samples, alphabet = "", inputs }: Task,
  fail: (problem: string) => never,
): void {
  if (samples === undefined) return;
  const { prompts, length, temperature } = samples;
  const missing = ["symbol", "target"].find((name) => !Object.hasOwn(inputs, name));
  if (missing !== undefined) {
    fail(`samples: a text is read as "${missing}", which it does not make`);
  }
  const isWritten = (prompt: unknown) =>
    typeof prompt === "string" && prompt !== "" &&
    [...prompt].every((one) => alphabet.includes(one));
  if (!Array.isArray(prompts) || !prompts.every(isWritten)) {
    fail(`samples: expected prompts of characters of the alphabet, got ${text(prompts)}`);
  }
  if (!isExtent(length)) fail(`samples: expected a length of at least 1, got ${text(length)}`);
  if (!(temperature >= 0)) {
    fail(`samples: expected a temperature of at least 0, got ${text(temperature)}`);
  }
}

const text = (value: unknown): string =>
  typeof value === "function" ? "a function" : JSON.stringify(value) ?? String(value);
