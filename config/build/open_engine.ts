/** Prepares a program for a command that is not a training. */
import type { Backend, Engine } from "../../core/backends/backend.ts";
import type { Program } from "../../core/program/program.ts";
import { NoRoomError } from "../../core/training/no_room_error.ts";
import { makeRoom } from "./make_room.ts";
import { UsageError } from "../usage_error.ts";

/** As `makeRoom`, with the error of a command. @throws UsageError if there is too little memory. */
export async function openEngine(
  backend: Backend,
  program: Program,
  { chunk }: { chunk: number },
): Promise<Engine> {
  try {
    return await makeRoom(backend, program, { chunk, what: "this" });
  } catch (error) {
    if (!(error instanceof NoRoomError)) throw error;
    throw new UsageError(error.message, { cause: error });
  }
}
