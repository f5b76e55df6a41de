import assert from "node:assert/strict";
import { taskPermissions } from "./task_permissions.ts";
import { slurmScript } from "./slurm_script.ts";
import { commandLines, type Place, type ShardedCommand } from "./worker_command.ts";

const place: Place = {
  workingFolder: "/home/me/my work",
  hebbFolder: "/opt/hebb/",
  denoFolder: "/opt/deno/bin",
  v8Flags: "--experimental-wasm-revectorize,--no-wasm-bounds-checks",
};
const work: ShardedCommand = {
  command: "compare",
  args: ["--rows", "rows.yaml", "--set", "model.layers=[1,2]"],
  shards: 24,
};
const program = 'env PATH=/opt/deno/bin:"$PATH" ' +
  "DENO_V8_FLAGS=--experimental-wasm-revectorize,--no-wasm-bounds-checks deno run " +
  `${taskPermissions("jobs").join(" ")} /opt/hebb/cli/main.ts compare ` +
  "--rows rows.yaml --set 'model.layers=[1,2]' --shard ";

Deno.test("the script of a task: its options, those of the site, the shard, and what signals do", () => {
  const site = {
    options: ["#SBATCH --account=lab", "#SBATCH --time=4:00:00"],
    commands: ["module load deno"],
  };
  const logs = "/home/me/my work/runs/50%/slurm";
  const text = slurmScript({ ...work, name: "rows", logs, cores: 8 }, { place, site });
  assert.equal(
    text,
    `#!/bin/bash
#SBATCH --job-name=rows
#SBATCH --output='/home/me/my work/runs/50%%/slurm/%A_%a.log'
#SBATCH --open-mode=append
#SBATCH --requeue
#SBATCH --signal=B:USR2@120
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=8
#SBATCH --account=lab
#SBATCH --time=4:00:00

module load deno
cd '/home/me/my work' || exit
shard=$((SLURM_ARRAY_TASK_ID + \${1:-0}))
${program}"$shard"/24 &
training=$!
trap 'is_over=yes; kill -USR2 "$training" 2> /dev/null' USR2
trap 'kill -TERM "$training" 2> /dev/null' TERM
# A signal ends wait before the training has ended.
while wait "$training"; code=$?; [ "$code" -gt 128 ] && kill -0 "$training" 2> /dev/null; do :; done
if [ "$code" = 75 ] && [ -n "$is_over" ]; then
  scontrol requeue "\${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
fi
exit "$code"
`,
  );
});

Deno.test("commands: a line for each shard, which names its folder and its program", () => {
  assert.deepEqual(commandLines(work, { place, shards: [2, 24] }), [
    `cd '/home/me/my work' && ${program}2/24`,
    `cd '/home/me/my work' && ${program}24/24`,
  ]);
  const [line] = commandLines(work, { place: { ...place, v8Flags: undefined }, shards: [1] });
  assert.doesNotMatch(line!, /V8_FLAGS=/);
});
