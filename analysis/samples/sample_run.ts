/** Lets the networks of a run write texts. */
import { buildModel, buildTask } from "../../config/build/build_run.ts";
import { openEngine } from "../../config/build/open_engine.ts";
import { configOf, replicasOf } from "../../config/replicas.ts";
import type { RunConfig } from "../../config/run_config.ts";
import type { Backend } from "../../core/backends/backend.ts";
import type { Shape } from "../../core/axes.ts";
import { networkValues } from "../../store/network_values.ts";
import { readTrainedNetworks, type StoredNetwork } from "../../store/stored_network.ts";
import type { StoredSamples } from "./samples_file.ts";
import { writeTexts } from "./write_texts.ts";

/** Networks that write, the first ones. */
const mostNetworks = 4;

/**
 * The texts of the newest networks in the folder of a run.
 *
 * @throws UsageError if there is no checkpoint, or memory does not suffice.
 */
export async function sampleRun(
  folder: string,
  { config, backend }: { config: RunConfig; backend: Backend },
): Promise<StoredSamples> {
  const replicas = replicasOf(config);
  const chosen = replicas.slice(0, mostNetworks);
  const networks = readTrainedNetworks(folder, { config, replicas, chosen });
  const written: StoredSamples["networks"][number][] = [];
  for (const network of networks) {
    const { task, texts } = await textsOf(network, configOf(config, network.replica), backend);
    const { prompts, temperature } = task.samples!;
    written.push({
      label: network.replica.label,
      temperature,
      texts: texts.map((text, index) => ({ prompt: prompts[index]!, text })),
    });
  }
  return { networks: written };
}

async function textsOf(network: StoredNetwork, config: RunConfig, backend: Backend) {
  const task = buildTask(config);
  const { samples, loss, output } = task;
  const { name, ...settings } = config.updater;
  const program = config.catalogue.find("updater", name).build({
    model: buildModel(config, task),
    loss,
    extents: { replicas: 1, sequences: 1, steps: samples!.length },
    output: output as Shape,
    iterations: config.training.iterations,
    probe: true,
  }, settings);
  const engine = await openEngine(backend, program, { chunk: 1 });
  try {
    for (const [slot, values] of networkValues(program, network)) engine.write(slot, values);
    const texts = await writeTexts(engine, {
      task,
      samples: samples!,
      seed: network.replica.seed,
    });
    return { task, texts };
  } finally {
    engine.close();
  }
}
