import assert from "node:assert/strict";
import { join } from "node:path";
import { findAdapter } from "../core/backends/webgpu/device/adapter.ts";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { updaters } from "../updaters/mod.ts";
import { endOf, runHebb, spawnHebb } from "./testing/run_hebb.ts";
import { outcome, sizeOfFile, tinyArguments, until } from "./testing/tiny_run.ts";

const hasAdapter = await findAdapter() !== undefined;

/** A software adapter compiles for seconds: there, a pair of each kind unless all are asked for. */
const isThorough = Deno.env.get("HEBB_TEST_THOROUGH") !== undefined;
const onGpu = new Set(["ethereal dfa", "rnn bptt"]);
const testedModels = ["ethereal", "rnn"];

interface Device {
  readonly name: string;
  readonly args: readonly string[];
  readonly iterations: number;
  readonly only?: (model: string, updater: string) => boolean;
  readonly ignore?: boolean;
}

const devices: readonly Device[] = [
  { name: "reference", args: ["--device=reference"], iterations: 300 },
  { name: "cpu", args: ["--device=cpu"], iterations: 600 },
  {
    name: "gpu, fused",
    args: ["--device=gpu", "--allow-software-adapter", "--lowering=fused"],
    iterations: 150,
    only: (model, updater) => isThorough || onGpu.has(`${model} ${updater}`),
    ignore: !hasAdapter,
  },
];

/** Kills the run at a random moment after its first row, and goes on with it to the end. */
async function killAndResume(args: readonly string[], folder: string): Promise<number> {
  const child = spawnHebb([...args, "--out=killed"], { folder });
  const metrics = join(folder, "killed", "metrics.jsonl");
  await until(() => sizeOfFile(metrics) > 0);
  await new Promise((resolve) => setTimeout(resolve, 400 * Math.random()));
  try {
    child.kill("SIGKILL");
  } catch {
    // It was quicker; then there is nothing left to do but to say so again.
  }
  await endOf(child);
  const resumed = await runHebb(["train", "--resume=killed", "--progress=none"], { folder });
  assert.equal(resumed.code, 0, resumed.stderr);
  return Number(/resuming from iteration (\d+)/.exec(resumed.stderr)?.[1] ?? 0);
}

for (const { name, args, iterations, only = () => true, ignore = false } of devices) {
  for (const model of testedModels) {
    for (const updater of Object.keys(updaters)) {
      // Forward mode follows one sequence and slow weights only, at the price of many.
      const isForward = updater === "rtrl";
      if (!only(model, updater) || isForward && (model !== "rnn" || name !== "cpu")) continue;
      Deno.test({
        name:
          `resume: killed and resumed, ${model} with ${updater} on ${name} ends with the same bits`,
        ignore,
        fn: inTemporaryFolder(async (folder) => {
          const common = [...tinyArguments, ...args, `--model=${model}`, `--updater=${updater}`];
          // Not multiples of each other: rows, checkpoints and kills fall at different iterations.
          common.push(`--iterations=${iterations}`, "--log-every=7", "--checkpoint-every=10");
          if (isForward) common[common.indexOf("--batch-size=2")] = "--batch-size=1";
          // Fast weights and the count of batches since their last wipe carry over.
          if (model === "ethereal") common.push("--wipe-every=3");
          if (updater !== "dfa") common.push("--optimizer=adam", "--learning-rate=0.003");
          const [whole, at] = await Promise.all([
            runHebb([...common, "--out=whole"], { folder }),
            killAndResume(common, folder),
          ]);
          assert.equal(whole.code, 0, whole.stderr);
          assert.ok(at % 10 === 0 || at === iterations);
          assert.deepEqual(
            outcome(join(folder, "killed")),
            outcome(join(folder, "whole")),
            `resumed from iteration ${at}`,
          );
        }),
      });
    }
  }
}

/** Networks of passed levels, by file name. */
const levelFiles = (folder: string): Record<string, string> =>
  Object.fromEntries(
    [...Deno.readDirSync(join(folder, "levels"))]
      .map(({ name }) => [name, Deno.readFileSync(join(folder, "levels", name)).toHex()] as const)
      .sort(),
  );

const curricula = [
  ["1", "--acc-threshold=0", "--acc-num=13"],
  // Seed 3 starts by calling all scenes new, which is mostly right; seed 4 by calling none new.
  ["3,4", "--acc-threshold=0.6", "--acc-num=8"],
] as const;

for (const [seeds, ...levels] of curricula) {
  Deno.test(
    `resume: killed and resumed in a curriculum, seeds ${seeds}, ends with the same bits`,
    inTemporaryFolder(async (folder) => {
      const common = [
        ...["train", "--network-type=Memo", "--hidden-dims=3,2", "--hetero-rates=0.5,0"],
        // Movies grow longer from R = 6 on.
        ...["--vec-len=5", "--scene-time=1", "--interval=5", `--seeds=${seeds}`, ...levels],
        ...["--device=cpu", "--threads=1", "--iterations=60", "--test-sequences=3"],
        ...["--log-every=7", "--checkpoint-every=2", "--progress=none"],
      ];
      const [whole, at] = await Promise.all([
        runHebb([...common, "--out=whole"], { folder }),
        killAndResume(common, folder),
      ]);
      assert.equal(whole.code, 0, whole.stderr);
      const [killed, other] = [join(folder, "killed"), join(folder, "whole")];
      assert.deepEqual(outcome(killed), outcome(other), `resumed from iteration ${at}`);
      assert.deepEqual(levelFiles(killed), levelFiles(other));
      assert.ok(Object.keys(levelFiles(other)).length >= 4);
    }),
  );
}
