/** Texts that a network writes: each character is drawn from what it predicts, and is what it reads next. */
import type { Engine, Values } from "../../core/backends/backend.ts";
import { drawKeys, taskSlots } from "../../core/training/batches.ts";
import { givenName } from "../../core/training/task_input.ts";
import type { Samples, Task } from "../../core/training/task.ts";
import { type RandomStream, randomStream, streamOf } from "../../core/random.ts";

const stream = streamOf("samples");

/** Where an engine of one replica and one sequence keeps the output of every step. */
const outputProbe = "probe/output";

/**
 * Writes the texts of a task with a network on an engine that keeps the output of every step of `evaluate`.
 *
 * What the network has written is to it a text like any other. So a rule that learns inside a sequence learns from
 * it too, as it does where the network is judged: what it predicts then is its probability of the next character
 * after that text, fast weights included. Such a rule has to know the next character before a step ends, so each
 * character takes a run over all characters before it. The network is left as it was.
 *
 * @param options.seed of the network: the same one writes the same texts.
 */
export async function writeTexts(
  engine: Engine,
  { task, samples, seed }: {
    task: Pick<Task, "alphabet" | "steps">;
    samples: Samples;
    seed: number;
  },
): Promise<string[]> {
  const alphabet = task.alphabet!;
  const texts: string[] = [];
  for (const [step, prompt] of samples.prompts.entries()) {
    const random = randomStream({ seed, stream, step });
    const symbols = Array.from(prompt, (character) => alphabet.indexOf(character));
    const end = samples.end === undefined ? -1 : alphabet.indexOf(samples.end);
    while (symbols.length < samples.length && symbols.at(-1) !== end) {
      const logits = await predict(engine, symbols, { seed, step });
      if (!logits.every(Number.isFinite)) break;
      symbols.push(drawSymbol(logits, samples.temperature, random));
    }
    texts.push(symbols.map((symbol) => alphabet[symbol]).join(""));
  }
  return texts;
}

/** The logits of the symbol after some, which are judged but for the last. */
async function predict(
  engine: Engine,
  symbols: readonly number[],
  { seed, step: first }: { seed: number; step: number },
): Promise<Values> {
  const { program } = engine;
  const { steps } = program.extents;
  const known = symbols.length - 1;
  const given: Readonly<Record<string, (t: number) => number>> = {
    symbol: (t) => symbols[t] ?? 0,
    target: (t) => symbols[t + 1] ?? 0,
    mask: (t) => Number(t < known),
  };
  for (const slot of taskSlots(program)) {
    const of = given[givenName(slot)] ?? (() => 0);
    engine.write(slot.name, Float32Array.from({ length: steps }, (_, t) => of(t)));
  }
  const keys = drawKeys(program, { seeds: [seed], split: "test", first, iterations: 1 });
  for (const [name, values] of keys) engine.write(name, values);
  await engine.run("evaluate", { iterations: 1, restore: true });
  const output = (await engine.read([outputProbe])).get(outputProbe)!;
  const size = output.length / steps;
  return output.slice(known * size, (known + 1) * size);
}

/** A symbol with the probability softmax(logits / temperature); the first of the largest at temperature 0. */
export function drawSymbol(logits: Values, temperature: number, random: RandomStream): number {
  const values = Array.from(logits);
  const largest = Math.max(...values);
  if (temperature === 0) return values.indexOf(largest);
  const weights = values.map((logit) => Math.exp((logit - largest) / temperature));
  let left = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  const chosen = weights.findIndex((weight) => (left -= weight) < 0);
  return chosen >= 0 ? chosen : weights.length - 1;
}
