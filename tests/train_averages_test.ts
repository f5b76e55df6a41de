/** Averaged networks from the command line: what is kept, drawn and judged. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { averageSlot } from "../core/program/average_slot.ts";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { replicasOf } from "../config/replicas.ts";
import { networkValues } from "../store/network_values.ts";
import { readTrainedNetworks } from "../store/stored_network.ts";
import { readNewestCheckpoint, readRunConfig } from "../store/stored_run.ts";
import { buildModel, buildRun } from "../config/build/build_run.ts";
import { listLevels, readLevel } from "../store/level_files.ts";
import { forwardProgram } from "../updaters/forward_only.ts";
import { runHebb } from "./testing/run_hebb.ts";

const name = "weight_matrix_list.0";
const tiny = [
  ...["--task=continual_scene", "--scene-time=2", "--vec-len=6", "--scenes=8"],
  ...["--hidden-dims=4,3", "--device=cpu", "--threads=1", "--test-sequences=2"],
  ...["--seeds=3,4", "--out=run"],
];
/** Every update passes a level. */
const easy = ["--acc-threshold=0", "--acc-num=1"];

Deno.test(
  "levels, figures and what evaluate and visualize read are the averages",
  inTemporaryFolder(async (folder) => {
    const args = ["train", ...tiny, ...easy, "--iterations=3", "--average-share=0.9"];
    const trained = await runHebb(args, { folder });
    assert.equal(trained.code, 0, trained.stderr);
    const run = join(folder, "run");
    const config = readRunConfig(run);
    const { tensors } = readNewestCheckpoint(run, config);
    const [average, raw] = [averageSlot(name), name].map((slot) =>
      tensors.get(slot)!.data as Float32Array
    ) as [Float32Array, Float32Array];
    assert.notDeepEqual(average, raw);
    const size = average.length / 2;
    const replicas = replicasOf(config);

    const { task } = buildRun(config);
    const program = forwardProgram({
      model: buildModel(config, task),
      loss: task.loss,
      extents: { replicas: 1, sequences: 1, steps: task.steps },
    });
    const newest = readTrainedNetworks(run, { config, replicas, chosen: replicas });
    newest.forEach((network, replica) => {
      const expected = average.slice(replica * size, (replica + 1) * size);
      assert.deepEqual(networkValues(program, network).get(name), expected);
    });

    const last = listLevels(run, replicas).filter(({ level }) => level === 3).map(readLevel);
    last.forEach(({ iteration, tensors }, replica) => {
      assert.equal(iteration, 3);
      const expected = average.slice(replica * size, (replica + 1) * size);
      assert.deepEqual(tensors.get(name)!.data, expected);
      assert.equal(tensors.has(averageSlot(name)), false);
    });
    assert.equal(last.length, 2);

    const figures = JSON.parse(Deno.readTextFileSync(join(run, "figures.json")));
    const drawn = figures.matrices.find((matrix: { name: string; replica: number }) =>
      matrix.name === name && matrix.replica === 1
    );
    const bytes = Uint8Array.fromBase64(drawn.values);
    assert.deepEqual(new Float32Array(bytes.buffer), average.slice(size));
  }),
);

Deno.test(
  "a level that has to be verified is not passed by a network that guesses",
  inTemporaryFolder(async (folder) => {
    const args = ["train", ...tiny.filter((word) => word !== "--scenes=8"), ...easy];
    const verified = [...args, "--iterations=20", "--max-updates=3", "--max-interval=5"];
    const { code, stdout, stderr } = await runHebb([...verified, "--verify-scenes=1000"], {
      folder,
    });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^end reason: unconverged$/m);
    assert.match(stdout, /^passed: none \(of R = /m);
  }),
);

Deno.test(
  "a movie too short to verify anything is refused",
  inTemporaryFolder(async (folder) => {
    const refused = ["--verify-scenes=500", "--average-share=1e-40"];
    const says = [
      /^error: --verify-scenes: expected 0, or at least 1000: fewer cannot show that errors are rare, got 500$/m,
      /^error: --average-share: expected 0, or 0\.000001 to 1, got 1e-40$/m,
    ];
    for (const [index, flag] of refused.entries()) {
      const { code, stderr } = await runHebb(["train", ...tiny, flag], { folder });
      assert.equal(code, 2, stderr);
      assert.match(stderr, says[index]!);
    }
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  }),
);
