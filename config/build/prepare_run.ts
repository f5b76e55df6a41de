/** Everything of a run that can be checked and built before a file is written. */
import type { Backend, Engine } from "../../core/backends/backend.ts";
import { openBackend } from "../../core/backends/open_backend.ts";
import { NoRoomError } from "../../core/training/no_room_error.ts";
import type { RunConfig } from "../run_config.ts";
import { UsageError } from "../usage_error.ts";
import { buildRun, type Run } from "./build_run.ts";
import { makeRoom } from "./make_room.ts";
import { trainingChunk } from "./memory.ts";

export interface PreparedRun {
  readonly run: Run;
  readonly backend: Backend;
  readonly engine: Engine;
  /** Such as "reference, float64 (plain loops)". */
  readonly device: string;
  readonly reason: string;
  /** An engine of the same network for sequences of another length. @throws NoRoomError */
  prepare(steps: number): Promise<Engine>;
}

/**
 * Opens the device, says which once the run is known to be possible, and makes its memory there.
 *
 * @throws NoAdapterError if the device that is asked for is not there.
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
    return await makeRoom(backend, run.program, { chunk, what: "the run" });
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
