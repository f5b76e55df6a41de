import type { Extents } from "../../axes.ts";

/** How the work on a program is divided among threads. */
export interface Division {
  readonly extents: Extents;
  readonly threads: number;
  /**
   * Whether a thread takes a replica through a whole procedure, then the next that nobody has begun:
   * no thread waits for another before the end, and what lives within a procedure is there once a
   * thread, not once a replica. Otherwise all threads go through the stages together and meet where
   * one needs another.
   */
  readonly wholeReplicas: boolean;
}

/** Shares of so many replicas are as good as equal though they differ by one. */
const MANY = 8;

/** Threads take whole replicas where their shares are equal, or nearly. */
export function divide(extents: Extents, threads: number): Division {
  const { replicas } = extents;
  const wholeReplicas = replicas % threads === 0 || replicas >= MANY * threads;
  return { extents, threads, wholeReplicas };
}
