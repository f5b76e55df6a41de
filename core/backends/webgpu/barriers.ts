/** Puts barriers between the units of a kernel: only where one touches what another lane of an earlier one touched. */
import type { Place } from "../../schedule/pass.ts";
import { holderOf } from "./elements.ts";
import { overlap, type Region } from "./scratchpad.ts";
import type { Unit } from "./units.ts";

/** Something that lanes read or write: a place in memory, by its name, or a region of workgroup memory. */
type Touched = string | Region;

/** What was read or written since the last barrier. */
interface Pending {
  readonly reads: readonly Touched[];
  readonly writes: readonly Touched[];
}

/** The region of a place that lies in workgroup memory. */
type RegionOf = (place: Place) => Region;

const isInMemory = (touched: Touched): touched is string => typeof touched === "string";

/** Whether every step of a launch touches other elements of a place. */
const hasOwnStep = (place: Place): boolean =>
  "slot" in place && place.slot.hasTimeAxis && place.slot.room !== "eachSegment";

/** What a unit reads and writes that other lanes can see; of the next step, without what every step has its own of. */
function sharedBy(
  { traffic, parts }: Unit,
  { regionOf, ofNextStep = false }: { regionOf: RegionOf; ofNextStep?: boolean },
): Pending {
  const reads = new Map<string, Touched>();
  const writes = new Map<string, Touched>();
  for (const { place, level, kind } of traffic.touches) {
    if (level === "register") continue;
    if (ofNextStep && level === "memory" && hasOwnStep(place)) continue;
    const key = `${"slot" in place ? "slot" : "temporary"} ${holderOf(place).name}`;
    const touched = level === "memory" ? key : regionOf(place);
    (kind === "load" ? reads : writes).set(`${level} ${key}`, touched);
  }
  if (parts) (parts.kind === "load" ? reads : writes).set("parts", parts);
  return { reads: [...reads.values()], writes: [...writes.values()] };
}

const isSame = (a: Touched) => (b: Touched): boolean =>
  isInMemory(a) || isInMemory(b) ? a === b : overlap(a, b);

/** What a unit must not touch before all lanes have done what is pending. */
function conflicts(next: Pending, { reads, writes }: Pending): Touched[] {
  return [
    ...next.reads.filter((touched) => writes.some(isSame(touched))),
    ...next.writes.filter((touched) => [...writes, ...reads].some(isSame(touched))),
  ];
}

const barriersFor = (touched: readonly Touched[]): string[] => [
  ...touched.some(isInMemory) ? ["storageBarrier();"] : [],
  ...touched.every(isInMemory) ? [] : ["workgroupBarrier();"],
];

/** What is pending after barriers: nobody reads any more, the other kind of memory may not show all writes. */
function after({ writes }: Pending, conflicting: readonly Touched[]): Pending {
  const isShown = (touched: Touched) =>
    conflicting.some((other) => isInMemory(other) === isInMemory(touched));
  return { reads: [], writes: writes.filter((touched) => !isShown(touched)) };
}

/**
 * The statements of units with barriers between them.
 *
 * @param isRepeated whether the first unit follows the last one again, in the next step.
 */
export function withBarriers(
  units: readonly Unit[],
  { isRepeated, regionOf }: { isRepeated: boolean; regionOf: RegionOf },
): string[] {
  const lines: string[] = [];
  let pending: Pending = { reads: [], writes: [] };
  for (const unit of units) {
    const { reads, writes } = sharedBy(unit, { regionOf });
    const conflicting = conflicts({ reads, writes }, pending);
    if (conflicting.length > 0) {
      lines.push(...barriersFor(conflicting));
      pending = after(pending, conflicting);
    }
    lines.push(...unit.lines);
    pending = { reads: [...pending.reads, ...reads], writes: [...pending.writes, ...writes] };
  }
  if (!isRepeated) return lines;
  const next = units.map((unit) => sharedBy(unit, { regionOf, ofNextStep: true }));
  return [...lines, ...barriersFor(next.flatMap((shared) => conflicts(shared, pending)))];
}
