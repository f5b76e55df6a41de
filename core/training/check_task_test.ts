/** What a task may say beside its sequences. */
import assert from "node:assert/strict";
import { crossEntropy } from "../losses/cross_entropy.ts";
import { checkTask } from "./check_task.ts";
import type { Samples, Task } from "./task.ts";

const taskOf = (said: Partial<Task>): Task => ({
  ...{ name: "words", summary: "Words", steps: 3, sizes: {}, output: [2], score: "loss" },
  ...{ inputs: { symbol: [], target: [] }, loss: crossEntropy, alphabet: "ab" },
  ...said,
  sequence: () => ({}),
});

Deno.test("samples: prompts are of the alphabet, lengths and temperatures are possible", () => {
  const good = { prompts: ["a", "bab"], length: 5, temperature: 0 };
  const check = (samples: Partial<Record<keyof Samples, unknown>>) =>
    checkTask(taskOf({ samples: { ...good, ...samples } as Samples }), () => undefined);
  check({});
  check({ prompts: [] });
  assert.throws(() => check({ prompts: ["a", ""] }), /samples: expected prompts of characters/);
  assert.throws(() => check({ prompts: ["ac"] }), /samples: expected prompts of characters/);
  assert.throws(() => check({ prompts: "ab" }), /samples: expected prompts of characters/);
  assert.throws(() => check({ length: 0 }), /samples: expected a length of at least 1, got 0/);
  assert.throws(() => check({ temperature: NaN }), /samples: expected a temperature .*, got null/);
});

Deno.test("a hash of data is a text", () => {
  const check = (dataHash: unknown) => checkTask(taskOf({ dataHash } as Task), () => undefined);
  check("5f");
  check(undefined);
  assert.throws(() => check(7), /Task words: dataHash: expected a text, got 7/);
});
