/** What `visualize` does, from its arguments to its exit code. */
import { basename, join, resolve } from "node:path";
import { openBackend } from "../../core/backends/open_backend.ts";
import { writeFileAtomic } from "../../runs/files/atomic_file.ts";
import { DamagedFileError } from "../../runs/files/damaged_file_error.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import { configOf, replicasOf } from "../../config/replicas.ts";
import { parseOptions } from "../parse_options.ts";
import { UsageError } from "../../config/usage_error.ts";
import { imagePaths, writeImages } from "../../report/visualization/images/write_images.ts";
import { frameStride, outputOf, viewOf } from "../../report/visualization/network_view.ts";
import { visualizeFooter, visualizeParser } from "./options.ts";
import { type Probe, probeNetwork } from "../../analysis/probe/probe_network.ts";
import {
  networkLabel,
  renderVisualization,
} from "../../report/visualization/render_visualization.ts";
import { chooseReplica } from "../../runs/choose_replicas.ts";
import { checkTargets } from "../../runs/check_targets.ts";
import { readRunConfig } from "../../runs/stored_run.ts";
import { readNetworks } from "../../analysis/probe/stored_networks.ts";

const say = (line: string) => console.error(line);

export async function runVisualize(
  args: readonly string[],
  { name, summary }: { name: string; summary: string },
): Promise<number> {
  const parsed = parseOptions(visualizeParser, args, { name, summary, footer: visualizeFooter });
  if ("exitCode" in parsed) return parsed.exitCode;
  const { values } = parsed;
  const { folder, level, scenes, device, allowSoftwareAdapter, threads } = values;
  try {
    const config = readRunConfig(folder);
    const replicas = replicasOf(config);
    const chosen = chooseReplica({ replicas, seed: values.seed, replica: values.replica });
    const own = configOf(config, chosen);
    const networks = readNetworks(folder, { config, level, replicas, chosen });
    const path = join(folder, "visualization.html");
    const kinds = [...new Set(values.images)];
    checkTargets([path, ...imagePaths(folder, { networks, kinds, config: own })]);
    const { backend, reason } = await openBackend({
      device,
      allowSoftwareAdapter,
      ...threads === undefined ? {} : { threads },
    });
    say(reason);
    const probes: Probe[] = [];
    try {
      for (const network of networks) {
        const probe = await probeNetwork(network, { config: own, backend, scenes });
        const { judged } = outputOf(probe);
        const right = judged.filter(({ isRight }) => isRight).length;
        const score = judged.length > 0
          ? `${right} of ${judged.length} judged predictions right`
          : `${probe.steps} steps`;
        say(`${networkLabel(probe)}: ${score}`);
        probes.push(probe);
      }
    } finally {
      backend.close();
    }
    const stride = frameStride(probes);
    const views = probes.map((probe) => viewOf(probe, { stride }));
    const page = await renderVisualization({
      run: basename(resolve(folder)),
      task: own.task.name,
      model: own.model.name,
      device: `${backend.name}, ${backend.description}`,
      views,
    });
    writeFileAtomic(path, page);
    console.log(path);
    for (const image of writeImages(folder, views, kinds)) console.log(image);
    return exitCodes.ok;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    say(`error: ${message.replace(/\s*\n\s*/g, " ")}`);
    const isUsage = error instanceof UsageError || error instanceof DamagedFileError;
    return isUsage ? exitCodes.usage : exitCodes.failure;
  }
}
