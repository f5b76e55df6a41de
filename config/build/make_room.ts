/** Makes room for a program on a device, or says how much it lacks. */
import type { Backend, Engine } from "../../core/backends/backend.ts";
import type { Program } from "../../core/program/program.ts";
import { NoRoomError } from "../../core/training/no_room_error.ts";
import { formatBytes, machineBytes, totalBytes } from "./memory.ts";

/**
 * @param options.what needs it, such as "the run"; opens the line of the error.
 * @param options.available bytes of this machine; undefined: as many as it takes.
 * @throws NoRoomError if the machine or the device has too little memory.
 */
export async function makeRoom(
  backend: Backend,
  program: Program,
  { chunk, what, available = machineBytes() }: {
    chunk: number;
    what: string;
    available?: number | undefined;
  },
): Promise<Engine> {
  const needed = totalBytes(backend.estimateMemory(program, { chunk }));
  const asks = `${what} needs at least ${formatBytes(needed)} of memory`;
  if (!Number.isSafeInteger(needed) || needed > (available ?? Infinity)) {
    const there = available === undefined ? "" : `, this machine has ${formatBytes(available)}`;
    throw new NoRoomError(asks + there);
  }
  try {
    return await backend.prepare(program, { chunk });
  } catch (error) {
    // The sizes are the user's: what an array or a device cannot hold is no fault of the program.
    if (!(error instanceof RangeError)) throw error;
    throw new NoRoomError(`${asks}, which this device refuses: ${error.message}`, { cause: error });
  }
}
