/** Allocates memory: regions of a few large float32 arenas, one after the other. */

/** Elements `offset` .. `offset + size - 1` of an arena, all float32. */
export interface Region {
  readonly arena: number;
  readonly offset: number;
  readonly size: number;
  /** Elements between the copies of two threads, where every thread has a copy of its own. */
  readonly threadStride?: number;
  /** Elements between two replicas, where there is padding between them. */
  readonly replicaStride?: number;
}

/** Arenas that grow as regions are placed in them. */
export interface Arenas {
  /** Elements of every arena so far. */
  readonly sizes: readonly number[];
  /**
   * Makes room for `size` elements.
   *
   * @param name named by the error.
   * @param purpose the entry of the estimate that their bytes are added to.
   * @throws RangeError if the region is larger than an arena may be.
   */
  place(name: string, size: number, purpose: string): Region;
  /** The next region begins an arena. */
  end(): void;
}

/** `size`, rounded up to a multiple. */
export const upTo = (multiple: number, size: number): number =>
  Math.ceil(size / multiple) * multiple;

/**
 * Makes an empty list of arenas. An arena is added whenever the last one is full.
 *
 * @param limit most bytes of one arena.
 * @param alignment the offset of every region is a multiple of this, in elements.
 * @param estimate bytes by purpose; `place` adds to it.
 */
export function createArenas(
  { limit, alignment, estimate }: {
    limit: number;
    alignment: number;
    estimate: Map<string, number>;
  },
): Arenas {
  const sizes: number[] = [];
  let isOpen = false;
  return {
    sizes,
    end: () => void (isOpen = false),
    place(name, size, purpose) {
      const bytes = size * 4;
      if (bytes > limit) {
        throw new RangeError(
          `"${name}" takes ${bytes} bytes, more than the ${limit} that one binding of this device holds`,
        );
      }
      if (!isOpen || (sizes.at(-1)! + size) * 4 > limit) sizes.push(0);
      isOpen = true;
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
