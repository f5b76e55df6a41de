import assert from "node:assert/strict";
import { evidenceOf, exchange, pairsOf, PARTS } from "./evidence.ts";
import { influenceOf } from "./influence.ts";
import { FORMS, keyRead } from "./key_read.ts";
import { replayed, run } from "./replay.ts";
import { randomNetwork } from "./testing/random_network.ts";
import { allTexts } from "./texts.ts";

const network = randomNetwork(5);
const texts = allTexts().filter((_, i) => i % 9 === 0);

Deno.test("with all parts of all writes exchanged, a network answers as in the donor's text", () => {
  const pairs = pairsOf(network, texts, { half: 3, lag: 5 });
  assert.ok(pairs.length > 10);
  for (const pair of pairs) {
    const edit = exchange(pair, { parts: PARTS, where: () => true });
    const after = replayed(network, pair.steps, pair.at, edit);
    after.logits.forEach((x, c) => {
      assert.ok(Math.abs(x - pair.donor[pair.at]!.logits[c]!) < 1e-12);
    });
    assert.equal(pair.donor[pair.at]!.symbol, pair.steps[pair.at]!.symbol);
    assert.deepEqual([pair.steps, pair.donor].map((one) => one[pair.at]!.target), [
      pair.asked,
      pair.other,
    ]);
  }
});

Deno.test("a target that the writes never had carries no evidence, and the other parts do", () => {
  const { all, byPart, byLayer } = evidenceOf(network, texts, { half: 3, lag: 5 });
  assert.equal(byPart.target, 0);
  assert.ok(byPart.key !== 0 && byPart.prediction !== 0 && all !== 0);
  // One-hot keys of other symbols are never read again: the first layer's writes are reached by their value alone.
  assert.ok(Math.abs(byLayer.key[0]!) < 1e-12);
});

Deno.test("what a write does is the difference to the answer without it", () => {
  const [text] = texts.filter(({ half }) => half === 3);
  const steps = run(network, text!.symbols);
  const without = replayed(
    network,
    steps,
    4,
    (write, step, layer) => step === 2 && layer === 1 ? undefined : write,
  );
  const { target } = steps[4]!;
  const expected = Math.log(steps[4]!.probabilities[target]! / without.probabilities[target]!);
  const [, second] = influenceOf(network, [text!]);
  assert.ok(Math.abs(second![1]![2]! - expected) < 1e-12 && expected !== 0);
});

Deno.test("a key written without a mask is read along the value, through a mask it is not", () => {
  const pairs = pairsOf(network, allTexts(), { half: 2, lag: 3 }).map((pair) => ({
    ...pair,
    // The same error for all: only keys differ.
    steps: pair.steps.map((step) => ({ ...step, error: network.layers[2]!.bias })),
  }));
  const outside = (form: string) =>
    keyRead(network, pairs, { from: 1, form: FORMS[form]! }).outside;
  assert.ok(Math.abs(outside("dense, no bound")) < 1e-12);
  assert.ok(outside("masked, no bound") > 0.3);
});
