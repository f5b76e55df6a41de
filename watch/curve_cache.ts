/** Curves of the runs that pages show: those that nobody has asked for in a while are dropped. */
import { followCurves, type FollowedCurves } from "./run_curves.ts";

export interface CurveCache {
  /** The curves of the run in a folder. */
  of(folder: string): FollowedCurves;
  /** How many runs it holds. */
  size(): number;
  close(): void;
}

/** Most runs: a page shows no more. */
const MOST_RUNS = 48;
/** Milliseconds after which nobody looks any more. */
const IDLE = 60_000;

export function createCurveCache({ idle = IDLE }: { idle?: number } = {}): CurveCache {
  // In the order of the last use, the oldest first.
  const held = new Map<string, { curves: FollowedCurves; used: number }>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const drop = () => {
    const now = performance.now();
    for (const [folder, { used }] of held) if (now - used >= idle) held.delete(folder);
    timer = held.size > 0 ? setTimeout(drop, idle) : undefined;
  };
  return {
    of(folder) {
      const curves = held.get(folder)?.curves ?? followCurves(folder);
      held.delete(folder);
      held.set(folder, { curves, used: performance.now() });
      if (held.size > MOST_RUNS) held.delete(held.keys().next().value!);
      timer ??= setTimeout(drop, idle);
      return curves;
    },
    size: () => held.size,
    close() {
      clearTimeout(timer);
      held.clear();
    },
  };
}
