import assert from "node:assert/strict";
import { randomStream } from "../../core/random.ts";
import { CountTable } from "./count_table.ts";
import { createDocumentWriter, type Documents } from "./documents.ts";
import { countNGrams, judgeNGram } from "./ngram.ts";
import { heldOutOrder } from "./windows.ts";

const documentsOf = (texts: readonly (readonly number[])[]): Documents => {
  const writer = createDocumentWriter(3);
  for (const text of texts) writer.add(Uint16Array.from(text), text.length);
  return writer.finish();
};

/** Witten and Bell's probability by counting texts, for a symbol after a context. */
function probability(
  texts: readonly (readonly number[])[],
  context: readonly number[],
  symbol: number,
): number {
  const lower = context.length === 0 ? 1 / 3 : probability(texts, context.slice(1), symbol);
  const after = texts.flatMap((text) =>
    text.slice(1).filter((_, at) => {
      const before = text.slice(Math.max(0, at + 1 - context.length), at + 1);
      return before.length === context.length && before.every((one, i) => one === context[i]);
    })
  );
  if (after.length === 0) return lower;
  const kinds = new Set(after).size;
  return (after.filter((one) => one === symbol).length + kinds * lower) / (after.length + kinds);
}

Deno.test("n-gram: probabilities are those of Witten and Bell, and sum to 1", () => {
  const random = randomStream({ seed: 1 });
  const texts = Array.from(
    { length: 6 },
    () => Array.from({ length: 2 + random.below(9) }, () => random.below(3)),
  );
  const model = countNGrams(documentsOf(texts), 3);
  assert.equal(model.order, 5);
  for (let trial = 0; trial < 200; trial++) {
    const symbols = Uint8Array.from({ length: 7 }, () => random.below(3));
    const [start, at] = [random.below(3), 3 + random.below(4)];
    const context = [...symbols.subarray(Math.max(start, at - 4), at)];
    let sum = 0;
    for (let symbol = 0; symbol < 3; symbol++) {
      symbols[at] = symbol;
      const given = Math.exp(-model.surprise(symbols, { at, start }));
      assert.ok(Math.abs(given - probability(texts, context, symbol)) < 1e-12);
      sum += given;
    }
    assert.ok(Math.abs(sum - 1) < 1e-12);
  }
});

Deno.test("n-gram: windows are judged without what is in front of them", () => {
  const text = Array.from({ length: 400 }, (_, at) => at % 3);
  const documents = documentsOf([text]);
  const model = countNGrams(documents, 3);
  const judge = (length: number) => judgeNGram(model, documents, heldOutOrder(documents, length));
  // A cycle of three: one symbol tells the next one.
  assert.ok(judge(40) < 0.02);
  const one = judge(1);
  assert.ok(one > judge(40) && one < 0.1, `${one}`);
});

Deno.test("n-gram: large alphabets have shorter contexts, so that keys are exact", () => {
  const { order } = countNGrams(documentsOf([[0, 1, 2]]), 60_000);
  assert.equal(order, 3);
});

Deno.test("count table: counts are those of a Map", () => {
  const random = randomStream({ seed: 2 });
  const table = new CountTable(2);
  const counts = new Map<string, number>();
  const keys = Array.from({ length: 9000 }, () => random.below(2 ** 20) * 2 ** random.below(33));
  for (let i = 0; i < 30_000; i++) {
    const [key, column] = [random.sample(keys), random.below(2)];
    const before = counts.get(`${key} ${column}`) ?? 0;
    assert.equal(table.increase(key, column), before);
    counts.set(`${key} ${column}`, before + 1);
  }
  for (const key of keys) {
    for (const column of [0, 1]) {
      assert.equal(table.get(key, column), counts.get(`${key} ${column}`) ?? 0);
    }
  }
  assert.equal(table.get(2 ** 53 - 1, 0), 0);
});
