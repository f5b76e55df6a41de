import assert from "node:assert/strict";
import { characterSequence, characterTask, mirrored } from "./characters.ts";
import { randomStream } from "../core/random.ts";
import { anyDraw } from "../core/testing/any_draw.ts";

const place = { alphabet: "ab. ", steps: 5 };

Deno.test("characterSequence lays out a text shorter than the longest", () => {
  assert.deepEqual(
    characterSequence({ text: "ba.b", recall: [{ position: 2 }, { position: 3 }] }, place),
    {
      symbol: Float32Array.of(1, 0, 2, 1, 0),
      target: Float32Array.of(0, 2, 1, 0, 0),
      mask: Float32Array.of(1, 1, 1, 0, 0),
      recall: Float32Array.of(0, 1, 1, 0, 0),
      last: Float32Array.of(0, 0, 1, 0, 0),
    },
  );
});

Deno.test("characterSequence lays out the longest text", () => {
  assert.deepEqual(characterSequence({ text: "ab.ba ", recall: [] }, place), {
    symbol: Float32Array.of(0, 1, 2, 1, 0),
    target: Float32Array.of(1, 2, 1, 0, 3),
    mask: Float32Array.of(1, 1, 1, 1, 1),
    recall: Float32Array.of(0, 0, 0, 0, 0),
    last: Float32Array.of(0, 0, 0, 0, 1),
  });
});

Deno.test("characterSequence judges recall alone, and targets that are no next symbols", () => {
  const recall = [{ position: 2 }];
  const { mask, last } = characterSequence({ text: "aba", recall }, { ...place, judged: "recall" });
  assert.deepEqual(mask, Float32Array.of(0, 1, 0, 0, 0));
  assert.deepEqual(last, Float32Array.of(0, 1, 0, 0, 0));
  assert.deepEqual(characterSequence({ text: "aab", targets: "aba", recall: [] }, place), {
    symbol: Float32Array.of(0, 0, 1, 0, 0),
    target: Float32Array.of(0, 1, 0, 0, 0),
    mask: Float32Array.of(1, 1, 1, 0, 0),
    recall: Float32Array.of(0, 0, 0, 0, 0),
    last: Float32Array.of(0, 0, 1, 0, 0),
  });
});

Deno.test("characterSequence tells lags, and what wrong answers would be", () => {
  const recall = [
    { position: 3, shown: 1, stale: ["b", "a"], others: ["b", "."] },
    { position: 5, shown: -2, others: [" ", "b"] },
  ];
  const layout = {
    ...place,
    lags: { least: 1, most: 6 },
    mistakes: ["stale", "wrong_key"] as const,
  };
  const { lag, mistake } = characterSequence({ text: "aba..b", recall }, layout);
  assert.deepEqual(lag, Float32Array.of(0, 0, 1, 0, 6));
  const none = [0, 0, 0, 0];
  const [first, second] = [[1, 1, 0, 0], [0, 0, 0, 2]];
  assert.deepEqual(mistake, Float32Array.from([none, none, first, none, second].flat()));
});

Deno.test("mirrored: the last symbol of the half comes first, and the first last", () => {
  assert.deepEqual(mirrored(2), [{ position: 3, shown: 1 }, { position: 4, shown: 0 }]);
});

Deno.test("characterSequence refuses texts that do not fit", () => {
  const lay = (text: string, positions: number[] = []) =>
    characterSequence({ text, recall: positions.map((position) => ({ position })) }, place);
  assert.throws(() => lay("a"), /"a" has 1 symbols, expected 2\.\.6/);
  assert.throws(() => lay("abababa"), RangeError);
  assert.throws(() => lay("axb"), /position 1 is not in "ab\. "/);
  for (const position of [0, 3, -1, 1.5]) {
    assert.throws(() => lay("aba", [position]), /recall position/);
  }
});

Deno.test("characterTask draws from the stream it is given", () => {
  const task = characterTask({
    name: "coin",
    summary: "one of two texts",
    alphabet: "ab",
    longest: 3,
    chance: 1 / 2,
    bestLoss: 0,
    draw: (random) => ({
      text: random.sample(["aaa", "bbb"]),
      recall: [{ position: 1 }, { position: 2 }],
    }),
  });
  assert.deepEqual([task.name, task.steps, task.sizes["symbols"]!], ["coin", 2, 2]);
  const drawn = new Set<number>();
  for (let step = 0; step < 20; step++) {
    const { symbol, recall } = task.sequence(randomStream({ seed: 1, step }), anyDraw);
    assert.deepEqual(recall, Float32Array.of(1, 1));
    drawn.add(symbol![0]!);
  }
  assert.equal(drawn.size, 2);
});
