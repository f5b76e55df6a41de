/** How many iterations to ask of a device at once. */

/** A chunk should take about this long: signals are served between chunks. */
const CHUNK_SECONDS = 0.15;

export interface ChunkSizer {
  /** Iterations of the next chunk. */
  length(): number;
  time<T>(chunk: () => Promise<T>): Promise<T>;
}

/** Chunks grow until they take long enough to pay for the wait at their end. */
export function createChunkSizer(longest: number): ChunkSizer {
  let length = 1;
  return {
    length: () => length,
    async time(chunk) {
      const before = performance.now();
      const result = await chunk();
      const took = (performance.now() - before) / 1000;
      if (took < CHUNK_SECONDS / 2) length = Math.min(length * 2, longest);
      else if (took > CHUNK_SECONDS * 2) length = Math.max(1, Math.floor(length / 2));
      return result;
    },
  };
}
