/** How far trials are trained: asynchronous successive halving (ASHA; Li et al. 2020, MLSys 2:230-246). */

/** What `early_terminate` says of rungs. */
interface Termination {
  readonly min_iter?: number | undefined;
  readonly max_iter?: number | undefined;
  readonly s?: number | undefined;
  readonly eta: number;
}

/** No training has more rows of metrics. */
const mostRows = 1e9;

/**
 * The rungs of W&B's numbers: min_iter, and eta times as many each time, up to max_iter; or with `s` max_iter
 * divided by eta, s times. Empty: they say neither.
 */
export function rungsOf({ min_iter, max_iter, s, eta }: Termination): number[] {
  const rungs: number[] = [];
  if (max_iter !== undefined && s !== undefined) {
    for (let k = 1, rung = max_iter / eta; k <= s && rung >= 1; k++, rung /= eta) {
      rungs.unshift(Math.floor(rung));
    }
  } else if (min_iter !== undefined) {
    for (let rung = min_iter; rung < (max_iter ?? mostRows); rung *= eta) {
      rungs.push(Math.floor(rung));
    }
  }
  return [...new Set(rungs)].filter((rung) => rung >= (min_iter ?? 1));
}
