/** Checks and builds everything of a run that can be, before a file is written. */
import type { Backend, Engine, MemoryEstimate } from "../../core/backends/backend.ts";
import { openBackend } from "../../core/backends/open_backend.ts";
import { createBatches, limitsOf } from "../../core/training/batches.ts";
import type { Split } from "../../core/training/task.ts";
import { entrySections } from "../catalogue.ts";
import { errorLine } from "../error_line.ts";
import { replicasOf } from "../replicas.ts";
import type { RunConfig } from "../run_config.ts";
import { UsageError } from "../usage_error.ts";
import { type BuildOptions, buildRun, type Run } from "./build_run.ts";
import { type FollowedMetrics, followedMetrics } from "./followed_metrics.ts";
import { asUsageError, makeRoom } from "./make_room.ts";
import { trainingChunk, withKeptStates } from "./memory.ts";

export interface PreparedRun {
  readonly run: Run;
  readonly backend: Backend;
  readonly engine: Engine;
  /** The metrics by which it keeps networks and stops. */
  readonly followed: FollowedMetrics;
  /** What the device is, such as "reference, float64 (plain loops)". */
  readonly device: string;
  /** Why this device was chosen, in a line. */
  readonly reason: string;
  /** An engine of the same network for sequences of another length. @throws NoRoomError */
  prepare(steps: number): Promise<Engine>;
}

/**
 * Opens the device of a config, builds its run, takes the memory for it, and draws a first sequence of each
 * split.
 *
 * @param options.say receives a line about the device, once the run is known to fit.
 * @throws NoAdapterError if there is no such device.
 * @throws UsageError if the network cannot be built or does not fit; CodeError if a sequence is not as its
 *   task declares.
 */
export async function prepareRun(
  config: RunConfig,
  { say }: { say: (line: string) => void },
): Promise<PreparedRun> {
  const { name, allow_software_adapter, lowering, threads } = config.device;
  const { backend, reason } = await openBackend({
    device: name,
    allowSoftwareAdapter: allow_software_adapter,
    lowering,
    ...threads === undefined ? {} : { threads },
  });
  const open = async (run: Run): Promise<Engine> => {
    const chunk = trainingChunk(run, config);
    const bill = (estimate: MemoryEstimate) => withKeptStates(estimate, config);
    const options = { chunk, what: "the run", bill };
    return await makeRoom(backend, run.program, options);
  };
  let engine: Engine | undefined;
  try {
    const run = checkedBuild(config, { device: backend.name });
    const followed = followedMetrics(run, config);
    // Sequences that have no room are refused by the bill of the engine.
    engine = await open(run);
    drawOnce(run, config);
    say(reason);
    return {
      run,
      backend,
      engine,
      followed,
      device: `${backend.name}, ${backend.description}`,
      reason,
      prepare: (steps) => open(checkedBuild(config, { device: backend.name, steps })),
    };
  } catch (error) {
    engine?.close();
    backend.close();
    throw asUsageError(error);
  }
}

/** Draws a first sequence of each task and split that is used, which checks it. @throws CodeError, or what a task throws. */
function drawOnce({ tasks, program }: Run, config: RunConfig): void {
  const limits = limitsOf(program);
  const { slots } = program;
  const { evaluation_sequences, test_sequences } = config.training;
  // A task may have nothing for a split that is never judged.
  const splits: readonly Split[] = [
    "train",
    ...evaluation_sequences > 0 ? ["validation"] as const : [],
    ...test_sequences > 0 ? ["test"] as const : [],
  ];
  // Replicas may share a task: the first of them draws.
  const seedOf = new Map(
    replicasOf(config).map(({ seed }, replica) => [tasks[replica]!, seed] as const).reverse(),
  );
  for (const [task, seed] of seedOf) {
    const extents = { replicas: 1, sequences: 1, steps: task.steps };
    const batches = createBatches({ slots, extents, limits }, task, { seeds: [seed], chunk: 1 });
    for (const split of splits) batches.draw(split, { first: 0, iterations: 1 });
  }
}

function checkedBuild(config: RunConfig, options: BuildOptions): Run {
  try {
    return buildRun(config, options);
  } catch (error) {
    const isOwn = entrySections.some((section) => config.catalogue.own[section] !== undefined);
    if (!isOwn && !(error instanceof RangeError)) throw error;
    throw new UsageError(errorLine(error), { cause: error });
  }
}
