/** Divides the work on a program among threads. */
import type { Extents } from "../../axes.ts";

/** How the work on a program is divided among threads. */
export interface Division {
  readonly extents: Extents;
  readonly threads: number;
  /**
   * Whether a thread runs a whole procedure for one replica, then for the next that no thread has begun.
   * Threads then wait for each other only at the end, and memory that is used within a procedure exists
   * once per thread, not once per replica. Otherwise all threads share each stage, and wait for each
   * other where one reads what another writes.
   */
  readonly wholeReplicas: boolean;
}

/** Replicas per thread from which shares are nearly equal, though they differ by one. */
const MANY = 8;

/** Threads take whole replicas where all threads get as many, or nearly. */
export function divide(extents: Extents, threads: number): Division {
  const { replicas } = extents;
  const wholeReplicas = replicas % threads === 0 || replicas >= MANY * threads;
  return { extents, threads, wholeReplicas };
}
