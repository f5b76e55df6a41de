/** Chooses the number of iterations that a device runs at once. */

/** The time that a chunk should take, in seconds: signals are served between chunks. */
const CHUNK_SECONDS = 0.15;

export interface ChunkSizer {
  /** Iterations of the next chunk. */
  length(): number;
  /** Runs a chunk; the time that it takes decides the length of the next one. */
  time<T>(chunk: () => Promise<T>): Promise<T>;
}

/** Doubles or halves chunks until they take about `CHUNK_SECONDS`; `longest` is K, the most iterations. */
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
