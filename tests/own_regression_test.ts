/** A regression of one's own through the commands: losses added, metrics with units, no chance, no best loss. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { runHebb } from "./testing/run_hebb.ts";

const task = `
import { activityPenalty, addLosses, defineTask, huberLoss, scaled } from "hebb";
import { z } from "zod";

export default defineTask({
  name: "follow",
  summary: "Follow two filtered inputs",
  aliases: [],
  config: z.strictObject({ steps: z.int().min(4).default(12).describe("T") }),
  build: ({ steps }, facts) => ({
    ...facts,
    steps,
    sizes: { inputs: 2, cues: 3, outputs: 2 },
    inputs: { x: [2], cue: [3], target: [2] },
    output: [2],
    loss: addLosses({
      task: huberLoss([2], { delta: 0.5, unit: "mV" }),
      activity: scaled(0.01, activityPenalty("h")),
    }),
    score: "rms_error",
    goal: { threshold: 0.05, streak: 2, longest: 1000 },
    sequence(random) {
      const length = steps - random.below(3);
      const x = Float32Array.from({ length: 2 * length }, () => random.normal());
      const target = new Float32Array(2 * length);
      for (let i = 0; i < target.length; i++) target[i] = 0.5 * (target[i - 2] ?? 0) + 0.5 * x[i]!;
      return { x, cue: new Float32Array(3 * length).fill(1), target };
    },
  }),
});
`;

/** Its parameters have names of inputs of the loss. */
const model = `
import { add, defineModel, matrix, matvec, normal, tanh, vector } from "hebb";
import { z } from "zod";

const size = z.int().min(1).describe("The task gives it");
export default defineModel({
  name: "follower",
  summary: "A small recurrent network",
  config: z.strictObject({ inputs: size, cues: size, outputs: size }),
  fromTask: ["inputs", "cues", "outputs"],
  parameters: ({ inputs, cues, outputs }) => ({
    weight: matrix(6, inputs, normal(0.5)),
    cues: matrix(6, cues, normal(0.1)),
    recurrent: matrix(6, 6, normal(0.2)),
    target: matrix(outputs, 6, normal(0.3)),
  }),
  state: () => ({ h: vector(6) }),
  inputs: ({ inputs, cues }) => ({ x: [inputs], cue: [cues] }),
  step({ weight, cues, recurrent, target }, { h }, { x, cue }) {
    const next = tanh(add(matvec(weight, x), matvec(cues, cue), matvec(recurrent, h)));
    return { state: { h: next }, output: matvec(target, next) };
  },
});
`;

const read = (...path: string[]) => Deno.readTextFileSync(join(...path));

Deno.test(
  "own regression: trained, judged and drawn by what its loss declares",
  inTemporaryFolder(async (folder) => {
    Deno.writeTextFileSync(join(folder, "task.ts"), task);
    Deno.writeTextFileSync(join(folder, "model.ts"), model);
    const code = ["--model", "model.ts", "--task", "task.ts"];
    const succeeds = async (...args: string[]) => {
      const result = await runHebb([...args, ...code], { folder });
      assert.equal(result.code, 0, result.stderr);
      return result.stdout;
    };
    const options = [
      ...["--iterations=20", "--batch-size=4", "--test-sequences=40", "--evaluation-sequences=5"],
      ...["--log-every=5", "--progress=none", "--device=cpu", "--threads=1", "--out", "run"],
    ];
    const trained = await succeeds("train", ...options);
    assert.match(trained, /^goal reached: no \(rms_error <= 0\.05000, 2 updates in a row\)$/m);
    assert.match(
      trained,
      /^test\/rms_error: 0\.\d+ mV on fresh sequences \(95% interval 0\.\d+ mV to 0\.\d+ mV, root mean square of 40 sequences\)$/m,
    );
    assert.match(trained, /^test\/loss: 0\.\d+$/m);
    assert.doesNotMatch(trained, /chance|best possible|NaN|undefined/);

    const judged = await succeeds("evaluate", "run", "--sequences=20");
    for (const title of ["rms_error (mV)", "task_loss (mV²)", "correlation", "activity_loss"]) {
      assert.ok(judged.includes(title), title);
    }
    const { metrics, chance, networks } = JSON.parse(read(folder, "run/evaluation.json"));
    assert.deepEqual(metrics.rms_error.kind, "root-mean-square");
    assert.equal(chance, null);
    const { low, high } = networks[0].intervals.correlation;
    assert.ok(-1 <= low && low < networks[0].means.correlation && high <= 1);

    const report = read(folder, "run/report.html");
    for (const words of ["Rms error", "Task loss", "Correlation", "Rms activity"]) {
      assert.ok(report.includes(words), words);
    }
    await succeeds("visualize", "run");
    assert.match(read(folder, "run/visualization.html"), /Dotted: the targets of judged steps/);
  }),
);
