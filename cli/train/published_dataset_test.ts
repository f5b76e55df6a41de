import assert from "node:assert/strict";
import { withTaskOf } from "./published_dataset.ts";

Deno.test("--dataset names a task, as published, or what the task text reads", () => {
  const cases: Readonly<Record<string, readonly [readonly string[], readonly string[]]>> = {
    "a task": [["--dataset", "3_resequence"], ["--task", "3_resequence"]],
    "a task after =": [["--seed", "1", "--dataset=palindrome"], [
      "--seed",
      "1",
      "--task=palindrome",
    ]],
    "a task of one's own": [["--dataset", "own/task.ts"], ["--task", "own/task.ts"]],
    "a corpus": [["--dataset", "book"], ["--task=text", "--dataset", "book"]],
    "a file": [["--dataset=a.csv.gz"], ["--task=text", "--dataset=a.csv.gz"]],
    "a published name": [
      ["--dataset", "roneneldan/tinystories", "--dry-run"],
      ["--task=text", "--dataset", "roneneldan/tinystories", "--dry-run"],
    ],
    "beside a task": [["--task", "x", "--dataset", "book"], ["--task", "x", "--dataset", "book"]],
    "no value": [["--dataset"], ["--dataset"]],
    "none": [["--seed", "1"], ["--seed", "1"]],
  };
  for (const [what, [typed, meant]] of Object.entries(cases)) {
    assert.deepEqual(withTaskOf(typed), meant, what);
  }
});
