/** Checks and builds everything of a run that can be, before a file is written. */
import type { Backend, Engine } from "../../core/backends/backend.ts";
import { openBackend } from "../../core/backends/open_backend.ts";
import { NoRoomError } from "../../core/training/no_room_error.ts";
import type { RunConfig } from "../run_config.ts";
import { UsageError } from "../usage_error.ts";
import { buildRun, type Run } from "./build_run.ts";
import { makeRoom } from "./make_room.ts";
import { trainingChunk, withKeptStates } from "./memory.ts";

export interface PreparedRun {
  readonly run: Run;
  readonly backend: Backend;
  readonly engine: Engine;
  /** What the device is, such as "reference, float64 (plain loops)". */
  readonly device: string;
  /** Why this device was chosen, in a line. */
  readonly reason: string;
  /** An engine of the same network for sequences of another length. @throws NoRoomError */
  prepare(steps: number): Promise<Engine>;
}

/**
 * Opens the device of a config, builds its run, and takes the memory for it.
 *
 * @param options.say receives a line about the device, once the run is known to fit.
 * @throws NoAdapterError if there is no such device.
 * @throws UsageError if the network cannot be built or does not fit.
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
    const options = { chunk, what: "the run", bill: withKeptStates };
    return await makeRoom(backend, run.program, options);
  };
  try {
    const run = checkedBuild(config);
    const engine = await open(run);
    say(reason);
    return {
      run,
      backend,
      engine,
      device: `${backend.name}, ${backend.description}`,
      reason,
      prepare: (steps) => open(checkedBuild(config, steps)),
    };
  } catch (error) {
    backend.close();
    if (error instanceof NoRoomError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

function checkedBuild(config: RunConfig, steps?: number): Run {
  try {
    return buildRun(config, steps);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}
