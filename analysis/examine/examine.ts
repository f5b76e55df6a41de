/** Runs all tests on the networks of a checkpoint. */
import type { Backend } from "../../core/backends/backend.ts";
import type { Checkpoint } from "../../store/files/checkpoint_format.ts";
import { firstOfPoints } from "../../config/replicas.ts";
import type { RunConfig } from "../../config/run_config.ts";
import { packFloats } from "../../store/base64_floats.ts";
import { measureBasins, openBasins } from "./basins.ts";
import { memoriesOf, testCues, watchMemories } from "./cues.ts";
import type { Examination, NetworkExamination } from "./examination.ts";
import { networksOf } from "./networks.ts";
import { proportion } from "./recall.ts";
import { examineRule, weightsOf } from "./rule_examination.ts";
import { findStableStates } from "./stable_states.ts";
import { followTrajectories } from "./trajectories.ts";

export interface ExamineOptions {
  readonly config: RunConfig;
  readonly backend: Backend;
  /** Tries of each network for each share of flipped bits. */
  readonly tries: number;
  /** Random first states of each network. */
  readonly starts: number;
  readonly say?: (line: string) => void;
}

/** Most presentations of a test: they are long, and vary less than first states do. */
const MOST_PRESENTATIONS = 40;
/** Most elements of a stored matrix: a larger one would make a big file, and its map could not be read. */
const MOST_WEIGHTS = 1 << 14;

/**
 * Examines the networks of a checkpoint: stable states, presentations, basins, rules and trajectories.
 *
 * @throws UsageError unless the checkpoint is one of attractor networks.
 */
export async function examine(
  checkpoint: Checkpoint,
  { config, backend, tries, starts, say = () => {} }: ExamineOptions,
): Promise<Examination> {
  const networks = networksOf(checkpoint, config);
  const { seeds, tasks } = networks;
  const replicas = seeds.length;
  const mostMemories = Math.max(...tasks.map(memoriesOf));
  const sequences = Math.max(tries, mostMemories);
  say("stable states");
  const { patterns, fixed, stable } = await findStableStates(networks, { backend, starts });
  say("presentations");
  const { memories, overTime } = await watchMemories(networks, { backend });
  const cues = await testCues(networks, {
    backend,
    sequences: Math.max(mostMemories, Math.min(tries, MOST_PRESENTATIONS)),
  });
  say("basins");
  const learned = await openBasins(networks, { backend, sequences });
  let basins;
  try {
    basins = await measureBasins(learned, { replicas, sequences });
  } finally {
    learned.close();
  }
  say("rules");
  const shared = { networks, patterns, backend, sequences };
  const hebb = await examineRule("hebb", shared);
  const pseudoInverse = await examineRule("pseudo_inverse", shared);
  say("trajectories");
  const trajectories = await followTrajectories(networks, { backend });
  const weights = weightsOf(networks);
  const firstReplicas = firstOfPoints(networks.replicas);
  return {
    version: 2,
    updates: checkpoint.iteration,
    device: `${backend.name}, ${backend.description}`,
    networks: seeds.map((seed, replica): NetworkExamination => ({
      seed,
      label: networks.replicas[replica]!.label,
      point: networks.replicas[replica]!.point,
      neurons: patterns[replica]![0]!.length,
      memories: memories[replica]!.map((measures, memory) => ({
        ...measures,
        fixed: fixed[replica]![memory]!,
      })),
      fixed: proportion(fixed[replica]!.filter(Boolean).length, fixed[replica]!.length),
      cues: cues[replica]!,
      basins: basins[replica]!,
      stable: stable[replica]!,
      hebb: hebb[replica]!,
      pseudo_inverse: pseudoInverse[replica]!,
      ...firstReplicas.includes(networks.replicas[replica]!)
        ? {
          trajectories: trajectories[replica]!,
          retention_over_time: overTime[replica]!,
          ...weights[replica]!.length <= MOST_WEIGHTS
            ? { weights: packFloats(weights[replica]!) }
            : {},
        }
        : {},
    })),
  };
}
