/** Prepares a program on a device, or says how much memory is lacking. */
import type { Backend, Engine, MemoryEstimate } from "../../core/backends/backend.ts";
import type { Program } from "../../core/program/program.ts";
import { NoRoomError } from "../../core/training/no_room_error.ts";
import { UsageError } from "../usage_error.ts";
import { availableMemory, describeRoom, formatBytes, type Room, totalBytes } from "./memory.ts";

/**
 * Prepares a program, after a check that its memory fits the machine, or the container.
 *
 * @param options.chunk K, iterations of one call.
 * @param options.what what needs the memory, such as "the run"; begins the line of the error.
 * @param options.bill what is needed, of what the engine takes; default: that alone.
 * @param options.available what the process may use; undefined: unlimited.
 * @throws NoRoomError if the machine, its container or the device has too little memory.
 */
export async function makeRoom(
  backend: Backend,
  program: Program,
  { chunk, what, bill = (estimate) => estimate, available = availableMemory() }: {
    chunk: number;
    what: string;
    bill?: (estimate: MemoryEstimate) => MemoryEstimate;
    available?: Room | undefined;
  },
): Promise<Engine> {
  const needed = totalBytes(bill(backend.estimateMemory(program, { chunk })));
  const needs = `${what} needs at least ${formatBytes(needed)} of memory`;
  if (!Number.isSafeInteger(needed) || needed > (available?.bytes ?? Infinity)) {
    throw new NoRoomError(needs + describeRoom(available));
  }
  try {
    return await backend.prepare(program, { chunk });
  } catch (error) {
    // The user chose the sizes: an array or device that cannot hold them is no fault of the program.
    if (!(error instanceof RangeError)) throw error;
    throw new NoRoomError(`${needs}, which this device refuses: ${error.message}`, {
      cause: error,
    });
  }
}

/**
 * What a command makes of an error of `makeRoom`: sizes that no bill allows are the user's to choose; a device that
 * refuses what it is asked for may have room at another time.
 */
export const asUsageError = (error: unknown): unknown =>
  error instanceof NoRoomError && error.cause === undefined
    ? new UsageError(error.message, { cause: error })
    : error;
