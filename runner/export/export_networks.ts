/** Writes trained networks for NumPy and PyTorch. */
import { join } from "node:path";
import { taskOf } from "../../analysis/probe/probe_network.ts";
import { readNetworks } from "../../analysis/probe/stored_networks.ts";
import { buildModel } from "../../config/build/build_run.ts";
import { configOf, type Replica } from "../../config/replicas.ts";
import type { RunConfig } from "../../config/run_config.ts";
import type { ModelInstance } from "../../core/program/model.ts";
import { encodeNpz } from "../../data/encode_npz.ts";
import { writeFileAtomic } from "../../store/files/atomic_file.ts";
import { makeInnerFolder } from "../../store/files/inner_folder.ts";
import { encodeSafetensors } from "../../store/files/safetensors.ts";
import type { Tensor } from "../../store/files/tensor.ts";
import { networkValues } from "../../store/network_values.ts";
import type { CheckpointChoice } from "../../store/judged_checkpoint.ts";
import { newest, readTrainedNetworks, type StoredNetwork } from "../../store/stored_network.ts";
import { forwardProgram } from "../../updaters/forward_only.ts";
import { networkText } from "./numpy/network_text.ts";
import { tensorName } from "./tensor_name.ts";

/** What was written. */
export interface ExportedNetworks {
  readonly model: ModelInstance;
  /** Updates that the networks have seen. */
  readonly iterations: readonly number[];
  /** Names of the files without endings, one a network. */
  readonly names: readonly string[];
  /** Tensors of each file. */
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/**
 * Writes `networks/replica_N.npz` and `.safetensors` of each chosen network, and `network.py`, which runs them.
 *
 * @param options.level the networks that passed this level; default: those of the checkpoint.
 * @param options.checkpoint default: the best networks if the run keeps them, or else the newest.
 * @throws UsageError if there is no such network.
 */
export function exportNetworks(
  folder: string,
  { config, replicas, chosen, level, checkpoint, out }: {
    config: RunConfig;
    /** [P], all networks of the run. */
    replicas: readonly Replica[];
    /** Those of them that are written. */
    chosen: readonly Replica[];
    level?: string | undefined;
    checkpoint?: CheckpointChoice | undefined;
    /** A folder that exists. */
    out: string;
  },
): ExportedNetworks {
  const which = level === newest ? newest : checkpoint;
  const stored = level === undefined || level === newest
    ? readTrainedNetworks(folder, { config, replicas, chosen, checkpoint: which })
    : chosen.flatMap((replica) =>
      readNetworks(folder, { config, level, replicas, chosen: replica })
    );
  const networks = makeInnerFolder(out, ["networks"]);
  const written = stored.map((network) => {
    const name = nameOf(network, replicas.indexOf(network.replica));
    const { tensors, model, task } = tensorsOf(config, network);
    writeFileAtomic(join(networks, `${name}.npz`), encodeNpz(tensors));
    writeFileAtomic(
      join(networks, `${name}.safetensors`),
      encodeSafetensors(tensors, {
        format: "pt",
        network: network.replica.label,
        iteration: String(network.iteration),
      }),
    );
    return { name, tensors, model, task, iteration: network.iteration };
  });
  const [{ model, task, tensors }] = written as [typeof written[number]];
  // All networks of a run are one program.
  writeFileAtomic(
    join(out, "network.py"),
    networkText({ model, task, weights: `${written[0]!.name}.npz` }),
  );
  return {
    model,
    tensors,
    iterations: written.map(({ iteration }) => iteration),
    names: written.map(({ name }) => name),
  };
}

const nameOf = ({ passed, level }: StoredNetwork, index: number): string =>
  `replica_${index}${passed ? `_level_${level}` : ""}`;

/** The weights that a network is judged by, without the axis P; of fast weights those that a batch starts from. */
function tensorsOf(config: RunConfig, network: StoredNetwork) {
  const own = configOf(config, network.replica);
  const task = taskOf(own, network);
  const model = buildModel(own, task);
  const extents = { replicas: 1, sequences: 1, steps: task.steps };
  const program = forwardProgram({ model, loss: task.loss, extents });
  const tensors = new Map<string, Tensor>();
  for (const [slot, data] of networkValues(program, network)) {
    const { shape } = program.slots.get(slot)!;
    const dtype = data instanceof Float64Array ? "F64" : "F32";
    tensors.set(tensorName(slot), { dtype, shape, data });
  }
  return { tensors, model, task };
}
