/** What a script reads of a run: files without its code, networks with it. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import familiarity from "../examples/own/familiarity.ts";
import hebbff from "../examples/own/hebbff.ts";
import type { Sequence } from "../core/training/task.ts";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { openRun } from "./open_run.ts";
import type { Network } from "./stored_run.ts";
import { trainRun } from "./train_run.ts";
import type { TrainRunOptions } from "./train_run_options.ts";

const code = { model: hebbff, task: familiarity };
const [hidden, bits, steps] = [4, 5, 8];
const options: TrainRunOptions = {
  ...code,
  settings: { model: { hidden }, task: { bits, steps } },
  training: {
    iterations: 20,
    seeds: [3, 5],
    log_every: 10,
    evaluation_sequences: 5,
    test_sequences: 5,
  },
  device: "reference",
  progress: "none",
};

/** The outputs of HebbFF by its equations, in float64. */
function outputsOf({ weights }: Network, { x }: Sequence): number[] {
  const of = (name: string) => weights.get(name)!.values;
  const fast = new Float64Array(hidden * bits);
  const [decay, rate] = [of("decay")[0]!, of("rate")[0]!];
  return Array.from({ length: x!.length / bits }, (_, t) => {
    const frame = x!.subarray(t * bits, (t + 1) * bits);
    let output = of("threshold")[0]!;
    for (let i = 0; i < hidden; i++) {
      let sum = of("b")[i]!;
      frame.forEach((value, j) => sum += (of("w")[i * bits + j]! + fast[i * bits + j]!) * value);
      const h = 1 / (1 + Math.exp(-sum));
      frame.forEach((value, j) => {
        fast[i * bits + j] = decay * fast[i * bits + j]! + rate * h * value;
      });
      output += of("readout")[i]! * h;
    }
    return output;
  });
}

const close = (actual: ArrayLike<number>, expected: readonly number[]) => {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, index) => assert.ok(Math.abs(actual[index]! - value) < 1e-12));
};

Deno.test(
  "openRun: files are read without the code of the run; networks and judgements need it",
  inTemporaryFolder(async (folder) => {
    const out = join(folder, "run");
    await trainRun({ ...options, out });
    const run = await openRun(out);
    assert.deepEqual(run.config.model, { name: "hebbff", hidden });
    assert.deepEqual(run.replicas.map(({ label }) => label), ["seed 3", "seed 5"]);
    assert.equal(run.environment()!.deno, Deno.version.deno);
    assert.equal(run.status()!.iterations, 20);
    // A run that is still training may just be writing a row.
    const log = join(out, "metrics.jsonl");
    Deno.writeTextFileSync(log, '{"iteration": 30, "tr', { append: true });
    assert.deepEqual([...run.metrics()].map(({ iteration }) => iteration), [10, 20]);
    assert.equal(run.metricColumns().values["eval/accuracy"]!.length, 2);
    const [newest] = run.checkpoints();
    const { iteration, tensors } = newest!.read();
    assert.deepEqual([newest!.iteration, iteration], [20, 20]);
    assert.deepEqual(tensors.get("w")!.shape, [2, hidden, bits]);
    assert.deepEqual(run.levels(), []);
    for (const use of [() => run.network(), () => run.evaluate()]) {
      await assert.rejects(
        use(),
        /its task "familiarity" is a value of a script, which has to give/,
      );
    }
    const judged = await (await openRun(out, code)).evaluate({
      sequences: 10,
      device: "reference",
    });
    assert.ok(judged.kind === "sequences" && judged.networks.length === 2);
    assert.ok(!existsSync(join(out, "evaluation.json")));
  }),
);

Deno.test(
  "openRun: a stored network runs over sequences of any length as its equations say",
  inTemporaryFolder(async (folder) => {
    const { run } = await trainRun({ ...options, out: join(folder, "run") });
    using network = await run.network({ seed: 5, device: "reference" });
    assert.equal(network.replica.seed, 5);
    const [stored] = run.checkpoints();
    const all = stored!.read().tensors.get("w")!.data;
    assert.deepEqual([...network.weights.get("w")!.values], [...all.slice(hidden * bits)]);
    const [first, second] = network.heldOut(2) as [Sequence, Sequence];
    assert.notDeepEqual(first, second);
    // Without targets, and another length.
    const short: Sequence = { x: first["x"]!.slice(0, 3 * bits) };
    const activities = await network.run([first, second, short, first]);
    assert.deepEqual(activities.map(({ steps }) => steps), [steps, steps, 3, steps]);
    [first, second, short, first].forEach((sequence, index) =>
      close(activities[index]!.output.values, outputsOf(network, sequence))
    );
    assert.deepEqual(activities[2]!.states["fast"]!.shape, [hidden, bits]);
    assert.equal(activities[2]!.states["fast"]!.values.length, 3 * hidden * bits);
    const wrong: readonly [Sequence, RegExp][] = [
      [{ y: new Float32Array(5) }, /^RangeError: sequence 0: it has no input "x"/],
      [{ x: new Float32Array(7) }, /^RangeError: sequence 0: x has 7 values, expected 5 for each/],
      [{ ...short, target: new Float32Array(4) }, /target has 4 values, expected 3$/],
    ];
    for (const [sequence, says] of wrong) await assert.rejects(network.run([sequence]), says);
    await assert.rejects(run.network({ seed: 4 }), /--seed 4: the run has no/);
  }),
);

Deno.test("openRun: a folder without a run is refused", async () => {
  await assert.rejects(openRun("core"), /^UsageError: cannot read core: it holds no run/);
});
