/** Draws the networks of a run at work. */
import { basename, join, resolve } from "node:path";
import { type Probe, probeNetwork } from "../../analysis/probe/probe_network.ts";
import { readNetworks } from "../../analysis/probe/stored_networks.ts";
import type { OnDevice } from "../../config/build/on_device.ts";
import { configOf, replicasOf } from "../../config/replicas.ts";
import { checkTargets } from "../../store/check_targets.ts";
import { chooseReplica } from "../../store/choose_replicas.ts";
import { writeFileAtomic } from "../../store/files/atomic_file.ts";
import type { CheckpointChoice } from "../../store/judged_checkpoint.ts";
import type { OwnCode } from "../../store/stored_code.ts";
import { readRunConfig } from "../../store/stored_run.ts";
import type { ImageKind } from "./images/drawing.ts";
import { imagePaths, writeImages } from "./images/write_images.ts";
import { frameStride, outputOf, viewOf } from "./network_view.ts";
import { networkLabel, renderVisualization } from "./render_visualization.ts";

export interface VisualizationRequest {
  /** Levels as typed, such as `1,5-8`, `all` or `newest`; undefined: the first and the highest. */
  readonly level: string | undefined;
  /** Undefined: the best networks if the run keeps them, or else the newest. */
  readonly checkpoint?: CheckpointChoice | undefined;
  /** Number of scenes to draw, if the task has scenes. */
  readonly scenes: number | undefined;
  readonly seed: number | undefined;
  /** Number of the replica, from 0. */
  readonly replica: number | undefined;
  /** Kinds of image files to write beside the page. */
  readonly kinds: readonly ImageKind[];
  readonly device: OnDevice;
  readonly say: (line: string) => void;
  /** What stands for names of the run that are of no table; default: nothing. */
  readonly code?: OwnCode;
}

/**
 * Writes `visualization.html` and images into the folder of a run. It checks the request and the
 * paths before it opens the device.
 *
 * @returns the paths of the files, the page first.
 * @throws UsageError, DamagedFileError, NoAdapterError
 */
export async function visualizeRun(
  folder: string,
  { level, checkpoint, scenes, seed, replica, kinds, device, say, code }: VisualizationRequest,
): Promise<string[]> {
  const runConfig = readRunConfig(folder, code);
  const replicas = replicasOf(runConfig);
  const chosen = chooseReplica({ replicas, seed, replica });
  const config = configOf(runConfig, chosen);
  const networks = readNetworks(folder, { config: runConfig, level, checkpoint, replicas, chosen });
  const path = join(folder, "visualization.html");
  checkTargets(folder, [path, ...imagePaths(folder, { networks, kinds, config })]);
  const { probes, name } = await device(async (backend) => {
    const probes: Probe[] = [];
    for (const network of networks) {
      const probe = await probeNetwork(network, { config, backend, scenes });
      say(`${networkLabel(probe)}: ${scoreText(probe)}`);
      probes.push(probe);
    }
    return { probes, name: `${backend.name}, ${backend.description}` };
  });
  const stride = frameStride(probes);
  const views = probes.map((probe) => viewOf(probe, { stride }));
  const page = await renderVisualization({
    run: basename(resolve(folder)),
    task: config.task.name,
    model: config.model.name,
    device: name,
    views,
  });
  writeFileAtomic(path, page);
  return [path, ...writeImages(folder, views, kinds)];
}

function scoreText(probe: Probe): string {
  const { judged } = outputOf(probe);
  const right = judged.filter(({ isRight }) => isRight).length;
  return judged.length > 0
    ? `${right} of ${judged.length} judged predictions right`
    : `${probe.steps} steps`;
}
