const PATIENCE_MS = 300;
const FEWEST = 3;

/** The least time of a function that is called for a while. */
export function bestMilliseconds(call: () => void): number {
  const until = performance.now() + PATIENCE_MS;
  let best = Infinity;
  for (let calls = 0; calls < FEWEST || performance.now() < until; calls++) {
    const started = performance.now();
    call();
    best = Math.min(best, performance.now() - started);
  }
  return best;
}
