import assert from "node:assert/strict";
import { runId, usableName } from "./run_name.ts";

Deno.test("run names: whatever a model is called, its run gets a name that can be used", () => {
  const names: readonly [text: string, name: string][] = [
    ["palindrome-rnn-dfa", "palindrome-rnn-dfa"],
    ["my task-../x y-bptt", "my_task-.._x_y-bptt"],
    ["-*-", "run"],
    ["a".repeat(99), "a".repeat(47)],
  ];
  for (const [text, name] of names) {
    assert.equal(usableName(text), name);
    assert.ok(runId(name, new Date(0)).endsWith(name));
  }
});
