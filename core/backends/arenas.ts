/** Hands out memory: regions of a few large arenas of float32, one after the other. */

/** Elements `offset` .. `offset + size - 1` of an arena, all float32. */
export interface Region {
  readonly arena: number;
  readonly offset: number;
  readonly size: number;
  /**
   * Elements from one thread's copy to the next, if every thread has its own: values of the replica
   * or sequence it works on.
   */
  readonly threadStride?: number;
  /** Elements from one replica to the next, if that is more than a replica has. */
  readonly replicaStride?: number;
}

/** Arenas that grow as regions are placed in them. */
export interface Arenas {
  /** Elements of every arena so far. */
  readonly sizes: readonly number[];
  /**
   * Makes room for `size` elements.
   *
   * @param name for the error.
   * @param purpose what the estimate counts them under.
   * @throws RangeError if no arena may be that large.
   */
  place(name: string, size: number, purpose: string): Region;
}

/** `size`, rounded up to a multiple. */
export const upTo = (multiple: number, size: number): number =>
  Math.ceil(size / multiple) * multiple;

/**
 * Begins without any arena; a new one is added where the last is full.
 *
 * @param limit most bytes of one arena.
 * @param alignment elements to which every region is aligned.
 * @param estimate bytes by purpose; what is placed is added to it.
 */
export function createArenas(
  { limit, alignment, estimate }: {
    limit: number;
    alignment: number;
    estimate: Map<string, number>;
  },
): Arenas {
  const sizes: number[] = [];
  return {
    sizes,
    place(name, size, purpose) {
      const bytes = size * 4;
      if (bytes > limit) {
        throw new RangeError(
          `"${name}" takes ${bytes} bytes, more than the ${limit} that one binding of this device holds`,
        );
      }
      if (sizes.length === 0 || (sizes.at(-1)! + size) * 4 > limit) sizes.push(0);
      const arena = sizes.length - 1;
      const offset = sizes[arena]!;
      sizes[arena] = offset + upTo(alignment, size);
      estimate.set(purpose, (estimate.get(purpose) ?? 0) + bytes);
      return { arena, offset, size };
    },
  };
}

/** Bytes of all arenas. */
export const bytesOf = (sizes: readonly number[]): number =>
  4 * sizes.reduce((sum, size) => sum + size, 0);
