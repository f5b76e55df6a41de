/**
 * Keeps of a curve what a screen can show, while its values arrive: of each stretch the rows with its
 * lowest and its highest value, so that no peak is lost, and always the first and the last row.
 */

/** A row that is kept. */
export interface CurvePoint {
  readonly row: number;
  /** What the x axes read of the row. */
  readonly clocks: readonly (number | undefined)[];
  /** [P] */
  readonly values: readonly number[];
}

export interface ThinCurve {
  /** @param values one number, or [P]. */
  add(values: number | readonly number[], at: Omit<CurvePoint, "values">): void;
  /** The last values that were added. */
  last(): readonly number[];
  result(): ThinnedCurve;
}

export interface ThinnedCurve {
  /** The kept points in order. */
  readonly points: readonly CurvePoint[];
  /** Of each stretch the mean of all its finite values, at the row of its lowest one. */
  readonly averages: readonly CurvePoint[];
  /** Logged values in a stretch. */
  readonly stretch: number;
}

interface Stretch {
  lowest: number;
  highest: number;
  low: CurvePoint;
  high: CurvePoint;
  /** [P] of the finite values. */
  readonly sums: number[];
  readonly counts: number[];
}

/** Most points of all replicas together. */
const pointBudget = 20_000;
/** Most and fewest points of one replica; the fewest win over the budget. */
const longestCurve = 2_000;
const shortestCurve = 200;

/** Begins a curve without values. @param options.longest most points of a curve of few replicas. */
export function createThinCurve({ longest = longestCurve }: { longest?: number } = {}): ThinCurve {
  let stretches: Stretch[] = [];
  /** Values of a whole stretch, and of the newest one. */
  let size = 1, filled = 1;
  let most = longest;
  let first: CurvePoint | undefined;
  let last: { values: number | readonly number[]; at: Omit<CurvePoint, "values"> } | undefined;
  return {
    add(values, at) {
      last = { values, at };
      first ??= pointOf(last);
      if (typeof values !== "number") most = Math.min(most, mostOf(values.length));
      const [lowest, highest] = extremesOf(values);
      const newest = stretches.at(-1);
      if (newest !== undefined && filled < size) {
        filled++;
        addTo(newest, values);
        if (lowest < newest.lowest) {
          newest.lowest = lowest;
          newest.low = pointOf(last);
        }
        if (highest > newest.highest) {
          newest.highest = highest;
          newest.high = pointOf(last);
        }
        return;
      }
      const point = pointOf(last);
      const stretch = { lowest, highest, low: point, high: point, sums: [], counts: [] };
      addTo(stretch, values);
      stretches.push(stretch);
      filled = 1;
      // A stretch of one value is one point, a longer one two.
      while (stretches.length > (size === 1 ? most : most / 2)) {
        filled = stretches.length % 2 === 1 ? filled : size + filled;
        stretches = joined(stretches);
        size *= 2;
      }
    },
    last: () => last === undefined ? [] : pointOf(last).values,
    result() {
      const ends = last === undefined ? [] : [first!, pointOf(last)];
      const kept = [...stretches.flatMap(({ low, high }) => [low, high]), ...ends];
      const byRow = new Map(kept.map((point) => [point.row, point]));
      return {
        points: [...byRow.values()].sort((a, b) => a.row - b.row),
        averages: stretches.map(({ low, sums, counts }) => ({
          ...low,
          values: sums.map((sum, replica) => sum / counts[replica]!),
        })),
        stretch: size,
      };
    },
  };
}

const pointOf = (
  { values, at }: { values: number | readonly number[]; at: Omit<CurvePoint, "values"> },
): CurvePoint => ({ ...at, values: typeof values === "number" ? [values] : values });

const mostOf = (replicas: number): number =>
  Math.min(longestCurve, Math.max(shortestCurve, Math.floor(pointBudget / replicas)));

/** The lowest and the highest finite value of any replica; infinite the other way round without one. */
function extremesOf(values: number | readonly number[]): [lowest: number, highest: number] {
  if (typeof values === "number") {
    return Number.isFinite(values) ? [values, values] : [Infinity, -Infinity];
  }
  let lowest = Infinity, highest = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  return [lowest, highest];
}

function addTo({ sums, counts }: Stretch, values: number | readonly number[]): void {
  const length = typeof values === "number" ? 1 : values.length;
  for (let replica = 0; replica < length; replica++) {
    const value = typeof values === "number" ? values : values[replica]!;
    const isFinite = Number.isFinite(value);
    sums[replica] = (sums[replica] ?? 0) + (isFinite ? value : 0);
    counts[replica] = (counts[replica] ?? 0) + (isFinite ? 1 : 0);
  }
}

/** Pairs of neighbours as one; the last is left alone where the number is odd. */
function joined(stretches: readonly Stretch[]): Stretch[] {
  const pairs: Stretch[] = [];
  for (let index = 0; index < stretches.length; index += 2) {
    const a = stretches[index]!, b = stretches[index + 1];
    if (b === undefined) {
      pairs.push(a);
      continue;
    }
    const [low, high] = [b.lowest < a.lowest ? b : a, b.highest > a.highest ? b : a];
    pairs.push({
      lowest: low.lowest,
      low: low.low,
      highest: high.highest,
      high: high.high,
      ...sumsOf(a, b),
    });
  }
  return pairs;
}

function sumsOf(a: Stretch, b: Stretch): Pick<Stretch, "sums" | "counts"> {
  const replicas = Array.from({ length: Math.max(a.sums.length, b.sums.length) }, (_, p) => p);
  return {
    sums: replicas.map((p) => (a.sums[p] ?? 0) + (b.sums[p] ?? 0)),
    counts: replicas.map((p) => (a.counts[p] ?? 0) + (b.counts[p] ?? 0)),
  };
}
