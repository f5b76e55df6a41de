import assert from "node:assert/strict";
import { join } from "node:path";
import { replicasOf } from "../../config/replicas.ts";
import { describeInput } from "../../core/program/input.ts";
import { readCsv } from "../../data/read_csv.ts";
import { readNpz, readSafetensors } from "../../data/read_arrays.ts";
import { readParquet } from "../../data/read_parquet.ts";
import { models } from "../../models/mod.ts";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { noCode } from "../../store/stored_code.ts";
import { readRunConfig } from "../../store/stored_run.ts";
import { hasNumpy, runNumpy } from "../../tests/testing/numpy.ts";
import { openRun } from "../open_run.ts";
import { trainRun } from "../train_run.ts";
import { exportRun } from "./export_run.ts";

/** Trains two networks for a moment. */
async function trained(folder: string, model: string, more: object = {}): Promise<string> {
  const out = join(folder, "run");
  await trainRun({
    model: model as keyof typeof models,
    settings: { model: models[model as keyof typeof models].small ?? {} },
    training: {
      ...{ iterations: 4, seeds: [3, 5], log_every: 2, evaluation_sequences: 2, test_sequences: 2 },
      ...{ batch_size: 1, checkpoint_every: 4 },
      ...more,
    },
    device: "cpu",
    progress: "none",
    out,
  });
  return out;
}

async function exported(run: string, parts?: readonly ("networks" | "csv" | "parquet")[]) {
  const config = readRunConfig(run, noCode);
  const replicas = replicasOf(config);
  return await exportRun(run, { config, replicas, chosen: replicas, parts });
}

for (const model of Object.keys(models)) {
  Deno.test(
    `${model}: its export runs in plain NumPy with the outputs that the network has here`,
    inTemporaryFolder(async (folder) => {
      const run = await trained(folder, model);
      const { folder: out } = await exported(run, ["networks"]);
      const [first, second] = [0, 1].map((replica) =>
        readNpz(join(out, `networks/replica_${replica}.npz`))
      );
      assert.deepEqual(readSafetensors(join(out, "networks/replica_1.safetensors")), second);
      assert.notDeepEqual(first, second);
      const stored = await openRun(run);
      using network = await stored.network({ replica: 1, level: "newest", device: "reference" });
      for (const [name, { shape, values }] of network.weights) {
        const tensor = second!.get(name.replaceAll("/", "."))!;
        assert.deepEqual([tensor.shape, tensor.data], [shape, values], name);
      }
      const sequences = network.heldOut(3);
      const activities = await network.run(sequences);
      const reads = Object.entries(network.model.inputs).map(([name, declared]) => ({
        name,
        ...describeInput(declared),
      }));
      const script = `
from network import load, run
w = load("networks/replica_1.npz")
result = []
for item in data:
    inputs = {name: np.reshape(value["values"], value["shape"]) for name, value in item.items()}
    with np.errstate(all="ignore"):
        result.append(run(w, inputs).ravel().tolist())
`;
      const input = sequences.map((sequence, index) =>
        Object.fromEntries(reads.map(({ name, shape, perStep }) => [name, {
          values: [...sequence[name]!],
          shape: [...perStep ? [activities[index]!.steps] : [], ...shape],
        }]))
      );
      const outputs = await runNumpy(out, script, input) as number[][] | undefined;
      if (outputs === undefined) return;
      activities.forEach(({ output: { values } }, index) => {
        assert.equal(outputs[index]!.length, values.length);
        values.forEach((value, at) => {
          const error = Math.abs(outputs[index]![at]! - value);
          assert.ok(error <= 1e-6 * (1 + Math.abs(value)), `output ${at} is off by ${error}`);
        });
      });
    }),
  );
}

Deno.test(
  "metrics become tidy tables: a row for each network and logged iteration, equal as CSV and Parquet",
  inTemporaryFolder(async (folder) => {
    const run = await trained(folder, "oja_rnn", {
      sweep: { "updater.learning_rate": [0.001, 0.01] },
      seeds: [3, 5],
    });
    const { folder: out, files } = await exported(run, ["csv", "parquet"]);
    assert.deepEqual(files, ["metrics.csv", "summary.csv", "metrics.parquet", "README.md"]);
    const csv = readCsv(join(out, "metrics.csv"));
    const parquet = await readParquet(join(out, "metrics.parquet"));
    assert.deepEqual(csv.names, parquet.names);
    assert.equal(csv.rows, 2 * 4);
    for (const name of csv.names.filter((name) => name !== "run")) {
      assert.deepEqual([...csv.numbers(name)], [...parquet.numbers(name)], name);
    }
    assert.deepEqual([...csv.numbers("replica")], [0, 1, 2, 3, 0, 1, 2, 3]);
    assert.deepEqual([...csv.numbers("seed")], [3, 5, 3, 5, 3, 5, 3, 5]);
    assert.deepEqual([...csv.numbers("iteration")], [2, 2, 2, 2, 4, 4, 4, 4]);
    assert.deepEqual(
      [...csv.numbers("updater.learning_rate")].slice(0, 4),
      [0.001, 0.001, 0.01, 0.01],
    );
    const stored = await openRun(run);
    const rows = [...stored.metrics()];
    const [loss] = csv.names.filter((name) => name.endsWith("/loss"));
    assert.deepEqual([...csv.numbers(loss!)], rows.flatMap(({ values }) => [...values[loss!]!]));
    const summary = readCsv(join(out, "summary.csv"));
    assert.deepEqual([...summary.numbers("test/loss")], [
      ...stored.status()!.metrics["test/loss"]!,
    ]);
  }),
);

Deno.test(
  "the README of an export loads it as it says",
  inTemporaryFolder(async (folder) => {
    const run = await trained(folder, "plastic_rnn");
    const { folder: out } = await exported(run);
    const readme = Deno.readTextFileSync(join(out, "README.md"));
    const blocks = [...readme.matchAll(/^\`\`\`python\n(.*?)^\`\`\`$/gms)].map(([, text]) => text!);
    assert.equal(blocks.length, 3);
    if (!hasNumpy()) return;
    const script = `
import importlib.util, re
for block in data:
    wanted = re.findall(r"^import (\\w+)", block, re.M)
    if all(importlib.util.find_spec(name) for name in wanted):
        exec(block)
result = {"outputs": list(outputs.shape), "weights": sorted(w)}
`;
    const { outputs, weights } = await runNumpy(out, script, blocks) as {
      outputs: number[];
      weights: string[];
    };
    assert.equal(outputs[0], 20);
    assert.ok(weights.includes("alpha"));
  }),
);
