import assert from "node:assert/strict";
import { checkEngineOptions, workerArguments } from "./engine_options.ts";

Deno.test("a task gets what was typed but for what says where jobs run", () => {
  const typed = [
    ...["hybrid", "--engine", "slurm", "--seeds=1-3", "--per-task=4", "--sbatch", "time=1:00"],
    ...["--sbatch=partition=long", "--sbatch-file", "site.sh", "--dry-run", "--jobs", "2"],
    ...["--max-array-size", "11", "--out", "runs/engine"],
  ];
  const kept = ["hybrid", "--seeds=1-3", "--jobs", "2", "--out", "runs/engine"];
  assert.deepEqual(workerArguments(typed), kept);
});

Deno.test("options of another engine are refused", () => {
  checkEngineOptions({});
  checkEngineOptions({ shard: "1/2", sbatch: [] });
  checkEngineOptions({ engine: "slurm", perTask: 2, sbatch: ["time=1"], maxArraySize: 5 });
  const cases = [
    [{ perTask: 2 }, "--per-task goes with --engine slurm or commands, got --engine local"],
    [{ sbatch: ["time=1"] }, "--sbatch goes with --engine slurm, got --engine local"],
    [
      { engine: "commands", sbatchFile: "a" },
      "--sbatch-file goes with --engine slurm, got --engine commands",
    ],
    [{ engine: "slurm", shard: "1/2" }, "--shard goes with --engine local, got --engine slurm"],
  ] as const;
  for (const [options, message] of cases) {
    assert.throws(() => checkEngineOptions(options), { message });
  }
});
