/** Everything of a run that can be checked and built before a file is written. */
import type { Backend, Engine } from "../../core/backends/backend.ts";
import { openBackend } from "../../core/backends/open_backend.ts";
import type { RunConfig } from "../config/run_config.ts";
import { UsageError } from "../usage_error.ts";
import { buildRun, type Run } from "./build_run.ts";
import { chooseChunk, formatBytes, leastBytes, machineBytes } from "./memory.ts";

export interface PreparedRun {
  readonly run: Run;
  readonly backend: Backend;
  readonly engine: Engine;
  /** Such as "reference, float64 (plain loops)". */
  readonly device: string;
  readonly reason: string;
  /** An engine of the same network for sequences of another length. @throws UsageError, as above */
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
    const chunk = chooseChunk(run.program, config);
    const numberBytes = backend.name === "reference" ? 8 : 4;
    const needed = leastBytes(run.program, { chunk, numberBytes });
    const available = machineBytes();
    if (!Number.isSafeInteger(needed) || needed > (available ?? Infinity)) {
      const there = available === undefined ? "" : `, this machine has ${formatBytes(available)}`;
      throw new UsageError(`the run needs at least ${formatBytes(needed)} of memory${there}`);
    }
    return await prepareEngine(backend, { run, chunk, needed });
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

async function prepareEngine(
  backend: Backend,
  { run, chunk, needed }: { run: Run; chunk: number; needed: number },
): Promise<Engine> {
  try {
    return await backend.prepare(run.program, { chunk });
  } catch (error) {
    // The sizes are the user's: what an array or a device cannot hold is no fault of the program.
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(
      `the run needs at least ${formatBytes(needed)} of memory, which this device refuses: ` +
        error.message,
      { cause: error },
    );
  }
}
