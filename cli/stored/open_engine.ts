/** Makes room for a program on a device, where it fits. */
import type { Backend, Engine } from "../../core/backends/backend.ts";
import type { Program } from "../../core/program/program.ts";
import { formatBytes, leastBytes, machineBytes } from "../train/memory.ts";
import { UsageError } from "../usage_error.ts";

/** @throws UsageError if the machine or the device has too little memory. */
export async function openEngine(
  backend: Backend,
  program: Program,
  { chunk }: { chunk: number },
): Promise<Engine> {
  const numberBytes = backend.name === "reference" ? 8 : 4;
  const needed = leastBytes(program, { chunk, numberBytes });
  const available = machineBytes();
  const asks = `this needs at least ${formatBytes(needed)} of memory`;
  if (!Number.isSafeInteger(needed) || needed > (available ?? Infinity)) {
    const there = available === undefined ? "" : `, this machine has ${formatBytes(available)}`;
    throw new UsageError(asks + there);
  }
  try {
    return await backend.prepare(program, { chunk });
  } catch (error) {
    // The sizes are the user's: what an array or a device cannot hold is no fault of the program.
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(`${asks}, which this device refuses: ${error.message}`, { cause: error });
  }
}
