/**
 * The memory of a workgroup as one array: parts of sums lie at its beginning, values that passes leave to later ones
 * behind. What is not needed by the same units may lie in the same place.
 */

/** The array. */
export const SCRATCHPAD = "scratchpad";

/** Neighbouring words of the array. */
export interface Region {
  readonly from: number;
  /** The one after the last. */
  readonly to: number;
}

/** The units of a step from the first to the last that needs something. */
export type Lifetime = readonly [first: number, last: number];

/** Whether two regions have a word in common. */
export const overlap = (a: Region, b: Region): boolean => a.from < b.to && b.from < a.to;

/** A value that passes leave to later ones. */
export interface Wanted {
  readonly size: number;
  readonly lifetime: Lifetime;
}

/** The words of the array, and how many of them each unit needs for parts of sums. */
export interface Room {
  readonly words: number;
  readonly parts: readonly number[];
}

/** Whether two lifetimes have a unit in common. */
const meet = ([first, last]: Lifetime, [begin, end]: Lifetime): boolean =>
  begin <= last && first <= end;

/** Gives each value words of its own, in order, after those for parts. */
function placeApart(wanted: readonly Wanted[], { words, parts }: Room): Region[] | undefined {
  let to = Math.max(0, ...parts);
  const regions = wanted.map(({ size }): Region => ({ from: to, to: to += size }));
  return to <= words ? regions : undefined;
}

/** The values for which there is room at every moment, the first ones first. */
function choose(wanted: readonly Wanted[], { words, parts }: Room): Wanted[] {
  const free = parts.map((taken) => words - taken);
  return wanted.filter(({ size, lifetime: [first, last] }) => {
    if (size > Math.min(...free.slice(first, last + 1))) return false;
    for (let unit = first; unit <= last; unit++) free[unit]! -= size;
    return true;
  });
}

const duration = ({ lifetime: [first, last] }: Wanted): number => last - first;

/**
 * Gives each value the last words that are free for its lifetime, those with the longest lifetimes first: so little is
 * left between them, and parts have the beginning.
 */
function placeTogether(wanted: readonly Wanted[], room: Room): Map<Wanted, Region> {
  const regions = new Map<Wanted, Region>();
  const ordered = choose(wanted, room).toSorted((a, b) =>
    duration(b) - duration(a) || b.size - a.size
  );
  for (const value of ordered) {
    const { size, lifetime } = value;
    const others = [...regions].filter(([other]) => meet(other.lifetime, lifetime))
      .map(([, region]) => region).toSorted((a, b) => b.to - a.to);
    let to = room.words;
    for (const other of others) {
      if (overlap(other, { from: to - size, to })) to = other.from;
    }
    const [first, last] = lifetime;
    const isFree = to - size >= Math.max(0, ...room.parts.slice(first, last + 1));
    if (isFree) regions.set(value, { from: to - size, to });
  }
  return regions;
}

/**
 * The regions of values, those that matter most first; undefined where there is no room. If not all fit beside each
 * other, they share words: then lanes have to wait in between.
 */
export function placeRegions(wanted: readonly Wanted[], room: Room): (Region | undefined)[] {
  const apart = placeApart(wanted, room);
  if (apart) return apart;
  const together = placeTogether(wanted, room);
  return wanted.map((value) => together.get(value));
}
