/** What is counted, against a count of the network's own outputs. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { Cluster } from "../../core/numerics/clustered.ts";
import { openBackend } from "../../core/backends/open_backend.ts";
import { randomStream } from "../../core/random.ts";
import { anyDraw } from "../../core/testing/any_draw.ts";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { splitStreams } from "../../core/training/task.ts";
import { forwardProgram } from "../../updaters/forward_only.ts";
import { replicasOf } from "../../config/replicas.ts";
import type { RunConfig } from "../../config/run_config.ts";
import { buildModel } from "../../config/build/build_run.ts";
import { listLevels, readLevel } from "../../store/level_files.ts";
import { chooseNetworks } from "./choose_networks.ts";
import type { Proportion } from "./evaluation.ts";
import { firstMovies, judgeMovies } from "./judge_movies.ts";
import { movieTask } from "./movie_task.ts";
import { blockInterval } from "./scene_blocks.ts";
import { loadTensors } from "../../store/stored_run.ts";
import { levelConfig, writeLevelRun } from "./testing/level_run.ts";

const scenes = 300;

/** By scene: right answers, false alarms among new scenes, repeats that were missed. */
interface Counts {
  readonly right: Cluster[];
  readonly falseAlarms: Cluster[];
  readonly missed: Cluster[];
}

const total = (scenes: readonly Cluster[]): number[] => [
  scenes.reduce((sum, { above }) => sum + above, 0),
  scenes.reduce((sum, { below }) => sum + below, 0),
];

/** Runs a network over its movie, keeps every logit, and judges those of the last frames. */
async function countOutputs(
  folder: string,
  { config, level, interval }: { config: RunConfig; level: number; interval: number },
): Promise<Counts> {
  const task = movieTask(config, { interval, scenes, scenesOption: "" });
  const program = forwardProgram({
    model: buildModel(config, task),
    loss: task.loss,
    extents: { replicas: 1, sequences: 1, steps: task.steps },
    probe: true,
  });
  const { backend } = await openBackend({ device: "reference" });
  const engine = await backend.prepare(program, { chunk: 1 });
  const file = listLevels(folder, replicasOf(config)).find((entry) => entry.level === level)!;
  loadTensors(engine, readLevel(file));
  const movie = task.sequence(
    randomStream({ seed: 1, stream: splitStreams.test, step: firstMovies.levels + interval }),
    anyDraw,
  );
  for (const [name, values] of Object.entries(movie)) engine.write(name, values);
  await engine.run("evaluate", { iterations: 1 });
  const logits = (await engine.read(["probe/output"])).get("probe/output")!;
  engine.close();
  backend.close();

  const counts: Counts = { right: [], falseAlarms: [], missed: [] };
  const frames = task.steps / scenes;
  for (let step = frames - 1; step < task.steps; step += frames) {
    const [yes, repeat] = [logits[step]! >= 0, movie["target"]![step] === 1];
    counts.right.push({ above: Number(yes === repeat), below: 1 });
    counts.falseAlarms.push({ above: Number(yes && !repeat), below: Number(!repeat) });
    counts.missed.push({ above: Number(!yes && repeat), below: Number(repeat) });
  }
  return counts;
}

/** The interval is that over blocks of scenes. */
function assertBlocks(
  { count, of, share, low, high }: Proportion,
  scenes: readonly Cluster[],
  reach: number,
): void {
  assert.equal(share, count / of);
  const [above, below] = [scenes.map(({ above }) => above), scenes.map(({ below }) => below)];
  assert.deepEqual({ low, high }, blockInterval(above, below, { reach }));
}

for (const name of ["continual_scene", "single_frame_familiarity"]) {
  Deno.test(
    `${name}: counts are those of the network's outputs, on both host devices`,
    inTemporaryFolder(async (root) => {
      const folder = join(root, "run");
      const frames = name === "continual_scene" ? { scene_time: 2 } : {};
      const config = levelConfig({ task: { name, vec_len: 6, ...frames } });
      writeLevelRun(folder, { config, levels: [1, 3] });
      const replicas = replicasOf(config);
      const judgings = chooseNetworks(folder, {
        config,
        levels: [1, 3],
        intervals: [1, 3, 7],
        replicas,
        chosen: replicas,
      });
      assert.equal(judgings.length, 6);
      for (const device of ["reference", "cpu"] as const) {
        const { backend } = await openBackend({ device, threads: 1 });
        const judgements = await judgeMovies({
          firstMovie: firstMovies.levels,
          scenes,
          scenesOption: "--scenes",
          judgings,
        }, { config, backend, say: () => {} });
        backend.close();
        for (const { level, interval, proportions, updates, holds, loss } of judgements) {
          const counts = await countOutputs(folder, { config, level, interval });
          const { right, falseAlarms, missed } = counts;
          const { accuracy, false_positive_rate: wrong, false_negative_rate: lost } = proportions;
          for (
            const [share, byScene] of [[accuracy, right], [wrong, falseAlarms], [
              lost,
              missed,
            ]] as const
          ) {
            assert.deepEqual([share!.count, share!.of], total(byScene));
            assertBlocks(share!, byScene, interval);
          }
          const [alarms, negatives] = total(falseAlarms);
          assert.ok(alarms! > 0 && alarms! < negatives!, "a network that says both");
          assert.equal(updates, 100 * level);
          assert.equal(holds, false);
          assert.ok(loss! > 0);
        }
      }
    }),
  );
}
