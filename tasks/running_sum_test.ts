import assert from "node:assert/strict";
import { drawSequence } from "../core/training/task.ts";
import { findTask } from "./mod.ts";

for (const [name, modulus] of [["parity_7", 2], ["mod3_7", 3]] as const) {
  Deno.test(`${name}: every step asks for the sum so far`, () => {
    const task = findTask(name).build();
    assert.deepEqual([task.steps, task.sizes["symbols"], task.bestLoss], [7, modulus, 0]);
    for (let index = 0; index < 50; index++) {
      const { symbol, target, mask, recall, last } = drawSequence(task, { seed: 3, index });
      let sum = 0;
      const sums = [...symbol!].map((digit) => sum = (sum + digit) % modulus);
      assert.deepEqual([...target!], sums);
      assert.deepEqual([...mask!], [1, 1, 1, 1, 1, 1, 1]);
      assert.deepEqual([...recall!], [0, 1, 1, 1, 1, 1, 1]);
      assert.deepEqual([...last!], [0, 0, 0, 0, 0, 0, 1]);
    }
  });

  Deno.test(`${name}: a guesser that sees digit and step is right by chance`, () => {
    const task = findTask(name).build();
    const [draws, counts] = [6000, new Map<string, number>()];
    for (let index = 0; index < draws; index++) {
      const { symbol, target } = drawSequence(task, { seed: 4, index });
      for (let t = 1; t < task.steps; t++) {
        const key = `${t} ${symbol![t]} ${target![t]}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
    assert.equal(counts.size, 6 * modulus ** 2);
    for (const [key, count] of counts) {
      const share = count / draws * modulus;
      assert.ok(Math.abs(share - task.chance!) < 0.04, `${key}: ${share}`);
    }
  });
}
