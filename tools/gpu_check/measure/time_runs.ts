/** Times what is short beside the wait for a result. */

/** Most runs that are submitted before their end is waited for. */
const MOST_RUNS = 4096;

/** How long a run takes, and how many were timed together to know it. */
export interface Estimate {
  readonly ms: number;
  readonly runs: number;
}

/**
 * Estimates, each better than the last: of more and more runs, until they take `seriesMs` together, then the least
 * of three such series. The wait for a result is taken off.
 *
 * @param series does so many runs, waits for a result, and returns the milliseconds that both took.
 */
export async function* timeRuns(
  series: (runs: number) => Promise<number>,
  seriesMs: number,
): AsyncGenerator<Estimate> {
  const wait = Math.min(await series(0), await series(0), await series(0));
  let runs = 1;
  let took = await series(runs);
  const estimate = () => ({ ms: Math.max(took - wait, 0) / runs, runs });
  yield estimate();
  while (took < seriesMs + wait && runs < MOST_RUNS) {
    runs *= 2;
    took = await series(runs);
    yield estimate();
  }
  for (let again = 0; again < 2; again++) {
    took = Math.min(took, await series(runs));
    yield estimate();
  }
}
