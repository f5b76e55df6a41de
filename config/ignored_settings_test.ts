import assert from "node:assert/strict";
import { tablesOnly } from "./catalogue.ts";
import { whyIgnored } from "./ignored_settings.ts";

Deno.test("a setting that does nothing is told apart by what model and updater declare", () => {
  const reason = (key: string, model: string, updater: string) =>
    whyIgnored(key, { task: "long_range_memory", model, updater }, tablesOnly);
  const dfaOnly = "it acts in updater dfa only";
  const fastOnly = "it acts on fast weights only";
  const plain = "updater bptt takes plain steps on fast weights";
  const cases: [key: string, model: string, updater: string, reason: string | undefined][] = [
    ["self_grad", "ethereal", "dfa", undefined],
    ["self_grad", "ethereal", "bptt", dfaOnly],
    ["self_grad", "rnn", "backprop", dfaOnly],
    ["self_grad", "rnn", "dfa", "model rnn has no self-gradient layer"],
    ["clip_weights", "ethereal", "dfa", undefined],
    ["clip_weights", "ethereal", "bptt", plain],
    ["clip_weights", "rnn", "bptt", fastOnly],
    ["normalize", "hybrid", "rtrl", fastOnly],
    ["normalize", "ethereal", "rtrl", undefined],
    ["grad_clip", "ethereal", "bptt", plain],
    ["grad_clip", "ethereal", "dfa", undefined],
    ["grad_clip", "hybrid", "bptt", undefined],
    ["learning_rate", "ethereal", "bptt", undefined],
  ];
  for (const [key, model, updater, expected] of cases) {
    assert.equal(reason(key, model, updater), expected, `${key}, ${model}, ${updater}`);
  }
});
