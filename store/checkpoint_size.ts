/** Refuses networks whose checkpoints could be written, but not read back. */
import { isPersistent, iterationSize } from "../core/backends/layout.ts";
import type { Program } from "../core/program/program.ts";
import { UsageError } from "../config/usage_error.ts";
import { sizeLimits } from "./files/open_file.ts";

const MB = 1024 ** 2;

/**
 * Checks before training that a checkpoint will not be larger than the largest file that is read.
 *
 * @param bytesOfNumber of the device: 4, or 8 of the reference.
 * @throws UsageError, in one line, if it would be.
 */
export function requireReadableCheckpoint(
  { slots, extents }: Pick<Program, "slots" | "extents">,
  { bytesOfNumber }: { bytesOfNumber: 4 | 8 },
): void {
  const numbers = [...slots.values()].filter(isPersistent)
    .reduce((sum, slot) => sum + iterationSize(slot, extents), 0);
  const bytes = bytesOfNumber * numbers;
  if (bytes <= sizeLimits.tensors) return;
  throw new UsageError(
    `a checkpoint of this network takes ${Math.ceil(bytes / MB)} MB, and at most ` +
      `${sizeLimits.tensors / MB} are read back: expected fewer units, replicas or sequences`,
  );
}
