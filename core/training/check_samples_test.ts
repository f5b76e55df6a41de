/** What a task may say of the texts that a trained network writes. */
import assert from "node:assert/strict";
import { crossEntropy } from "../losses/cross_entropy.ts";
import { checkTask } from "./check_task.ts";
import type { Samples, Task } from "./task.ts";

const taskOf = (samples: Samples): Task => ({
  ...{ name: "words", summary: "Words", steps: 3, sizes: {}, output: [2], score: "loss" },
  ...{ inputs: { symbol: [], target: [] }, loss: crossEntropy, alphabet: "ab" },
  samples,
  sequence: () => ({}),
});

Deno.test("samples: prompts are of the alphabet, lengths and temperatures are possible", () => {
  const good = { prompts: ["a", "bab"], length: 5, temperature: 0 };
  const check = (samples: Partial<Record<keyof Samples, unknown>>) =>
    checkTask(taskOf({ ...good, ...samples } as Samples), () => undefined);
  check({});
  check({ prompts: [] });
  assert.throws(() => check({ prompts: ["a", ""] }), /samples: expected prompts of characters/);
  assert.throws(() => check({ prompts: ["ac"] }), /samples: expected prompts of characters/);
  assert.throws(() => check({ prompts: "ab" }), /samples: expected prompts of characters/);
  assert.throws(() => check({ length: 0 }), /samples: expected a length of at least 1, got 0/);
  assert.throws(() => check({ temperature: NaN }), /samples: expected a temperature .*, got null/);
});
