/** The lags that can occur: `least`, `least + step`, ..., `most`. */
export interface Lags {
  /** The smallest one. */
  readonly least: number;
  /** The largest one; some step away from the smallest. */
  readonly most: number;
  /** From one to the next; default: 1. */
  readonly step?: number;
}

/** Lags that are counted together. */
export interface LagRange {
  /** Such as "3", or "5_to_8". */
  readonly name: string;
  readonly low: number;
  readonly high: number;
}

/** More lags than these are put together. */
const MOST_SINGLE = 8;

/** Each lag alone if there are few; else all from one power of two to the next: 1, 2, 3 to 4, 5 to 8, ... */
export function lagRanges({ least, most, step = 1 }: Lags): LagRange[] {
  const isFew = (most - least) / step < MOST_SINGLE;
  const ranges: LagRange[] = [];
  for (let low = least; low <= most;) {
    const bound = isFew || low < 1 ? low : Math.min(most, 2 ** Math.ceil(Math.log2(low)));
    const high = low + Math.floor((bound - low) / step) * step;
    ranges.push({ name: low === high ? `${low}` : `${low}_to_${high}`, low, high });
    low = high + step;
  }
  return ranges;
}
