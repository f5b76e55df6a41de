/** Prepares a program for a command that is not a training. */
import type { Backend, Engine } from "../../core/backends/backend.ts";
import type { Program } from "../../core/program/program.ts";
import { asUsageError, makeRoom } from "./make_room.ts";

/** As `makeRoom`, with the error of a command. @throws UsageError if the machine has too little memory. */
export async function openEngine(
  backend: Backend,
  program: Program,
  { chunk }: { chunk: number },
): Promise<Engine> {
  try {
    return await makeRoom(backend, program, { chunk, what: "this" });
  } catch (error) {
    throw asUsageError(error);
  }
}
