import assert from "node:assert/strict";
import { initialValues } from "../../core/backends/initial_values.ts";
import { isPersistent } from "../../core/backends/layout.ts";
import { referenceBackend } from "../../core/backends/reference/reference.ts";
import { textLoss } from "../../core/losses/text_loss.ts";
import { randomStream } from "../../core/random.ts";
import { findModel } from "../../models/mod.ts";
import { findUpdater } from "../../updaters/mod.ts";
import { drawSymbol, writeTexts } from "./write_texts.ts";

const alphabet = "abcd.";
const steps = 12;

/** An engine with an untrained network whose rule learns inside a sequence. */
async function open() {
  const model = findModel("ethereal").instantiate({
    ...{ symbols: alphabet.length, hidden_size: 6, num_layers: 1, input_mode: "last_one" },
    ...{ enable_recurrence: false, residual_connection: false, initial_weights: "xavier_uniform" },
    ...{ plast_clip: 300, plast_proportion: 0.5, forget_rate: 0.1 },
  });
  const program = findUpdater("dfa").build({
    ...{ model, loss: textLoss, extents: { replicas: 1, sequences: 1, steps }, probe: true },
  }, { learning_rate: 0.02 });
  const engine = await referenceBackend().prepare(program, { chunk: 1 });
  const kept = [...program.slots.values()].filter(isPersistent).map(({ name }) => name);
  for (const name of kept) engine.write(name, initialValues(program, name, [1]));
  return { engine, kept };
}

/** The logits at every step of a text that is known as a whole. */
async function judge({ engine }: Awaited<ReturnType<typeof open>>, text: string) {
  const symbols = Array.from(text, (one) => alphabet.indexOf(one));
  const fill = (of: (t: number) => number) => Float32Array.from({ length: steps }, (_, t) => of(t));
  engine.write("symbol", fill((t) => symbols[t] ?? 0));
  engine.write("target", fill((t) => symbols[t + 1] ?? 0));
  engine.write("mask", fill((t) => Number(t + 1 < symbols.length)));
  await engine.run("evaluate", { iterations: 1, restore: true });
  const output = (await engine.read(["probe/output"])).get("probe/output")!;
  const size = alphabet.length;
  return symbols.map((_, t) => output.slice(t * size, (t + 1) * size));
}

Deno.test("written texts: each character is what the network predicts after the text, fast weights included", async () => {
  const network = await open();
  const { engine, kept } = network;
  const before = new Map(
    [...await engine.read(kept)].map(([name, values]) => [name, values.slice()]),
  );
  const samples = { prompts: ["abab", "d"], length: steps, temperature: 0 };
  const texts = await writeTexts(engine, { task: { alphabet, steps }, samples, seed: 1 });
  const random = randomStream({ seed: 1 });
  for (const [index, text] of texts.entries()) {
    const prompt = samples.prompts[index]!;
    assert.equal(text.length, steps);
    assert.ok(text.startsWith(prompt));
    const logits = await judge(network, text);
    for (let at = prompt.length; at < steps; at++) {
      assert.equal(alphabet[drawSymbol(logits[at - 1]!, 0, random)], text[at], `${text} at ${at}`);
    }
  }
  // It learns from what it reads: the same symbol is followed by another one later.
  const [first] = await judge(network, "aaaaaaaa");
  const last = (await judge(network, "aaaaaaaa")).at(-2)!;
  assert.notDeepEqual(first, last);
  for (const [name, values] of await engine.read(kept)) assert.deepEqual(values, before.get(name));
  engine.close();
});

Deno.test("written texts: a seed has its own ones, and an end ends them", async () => {
  const { engine } = await open();
  const task = { alphabet, steps };
  const samples = { prompts: ["a", "a"], length: steps, temperature: 2 };
  const write = (seed: number, more = {}) =>
    writeTexts(engine, { task, samples: { ...samples, ...more }, seed });
  const [one, again, other] = [await write(1), await write(1), await write(2)];
  assert.deepEqual(one, again);
  assert.notDeepEqual(one, other);
  assert.notEqual(one[0], one[1]);
  const ended = await write(1, { end: "." });
  for (const [index, text] of ended.entries()) {
    assert.ok(one[index]!.startsWith(text));
    assert.ok(text.length === steps || text.indexOf(".") === text.length - 1, text);
  }
  assert.ok(ended.some((text) => text.length < steps));
  engine.close();
});

Deno.test("drawn symbols are as frequent as the softmax of the logits over the temperature says", () => {
  const logits = Float64Array.of(1, -Infinity, 0, 1);
  for (const temperature of [0.5, 1, 3]) {
    const random = randomStream({ seed: 4 });
    const counts = [0, 0, 0, 0];
    for (let draw = 0; draw < 20_000; draw++) counts[drawSymbol(logits, temperature, random)]!++;
    const weights = [...logits].map((logit) => Math.exp(logit / temperature));
    const sum = weights.reduce((a, b) => a + b);
    counts.forEach((count, symbol) => {
      assert.ok(
        Math.abs(count / 20_000 - weights[symbol]! / sum) < 0.02,
        `${temperature}: ${counts}`,
      );
    });
  }
  assert.equal(drawSymbol(logits, 0, randomStream({ seed: 1 })), 0);
});
