/** Puts barriers between the units of a kernel: only where one touches what another lane of an earlier one touched. */
import type { Place } from "../../schedule/pass.ts";
import { holderOf, type Level } from "./elements.ts";
import type { Unit } from "./units.ts";

/** What was read or written since the last barrier, by place and level. */
interface Pending {
  readonly reads: Set<string>;
  readonly writes: Set<string>;
}

/** The level of a key. */
const levelOf = (key: string): Level => key.slice(0, key.indexOf(" ")) as Level;

const empty = (): Pending => ({ reads: new Set(), writes: new Set() });

/** Whether every step of a launch touches other elements of a place. */
const hasOwnStep = (place: Place): boolean =>
  "slot" in place && place.slot.hasTimeAxis && place.slot.room !== "eachSegment";

/** What a unit reads and writes that other lanes can see; of the next step, without what every step has its own of. */
function sharedBy(
  { traffic, parts }: Unit,
  { ofNextStep = false }: { ofNextStep?: boolean } = {},
): Pending {
  const shared = empty();
  for (const { place, level, kind } of traffic.touches) {
    if (level === "register") continue;
    if (ofNextStep && level === "memory" && hasOwnStep(place)) continue;
    const holder = "slot" in place ? "slot" : "temporary";
    const key = `${level} ${holder} ${holderOf(place).name}`;
    (kind === "load" ? shared.reads : shared.writes).add(key);
  }
  if (parts === "load") shared.reads.add("workgroup parts");
  if (parts === "store") shared.writes.add("workgroup parts");
  return shared;
}

/** The levels at which a unit has to wait for what is pending. */
function conflicts(next: Pending, pending: Pending): Set<Level> {
  const keys = [
    ...[...next.reads].filter((key) => pending.writes.has(key)),
    ...[...next.writes].filter((key) => pending.writes.has(key) || pending.reads.has(key)),
  ];
  return new Set(keys.map(levelOf));
}

const barriersFor = (levels: ReadonlySet<Level>): string[] => [
  ...levels.has("memory") ? ["storageBarrier();"] : [],
  ...levels.has("workgroup") ? ["workgroupBarrier();"] : [],
];

/** What is pending after barriers at some levels: nobody reads any more, other levels may not show all writes. */
const after = (pending: Pending, levels: ReadonlySet<Level>): Pending => ({
  reads: new Set(),
  writes: new Set([...pending.writes].filter((key) => !levels.has(levelOf(key)))),
});

/**
 * The statements of units with barriers between them.
 *
 * @param isRepeated whether the first unit follows the last one again, in the next step.
 */
export function withBarriers(
  units: readonly Unit[],
  { isRepeated }: { isRepeated: boolean },
): string[] {
  const lines: string[] = [];
  let pending = empty();
  for (const unit of units) {
    const shared = sharedBy(unit);
    const levels = conflicts(shared, pending);
    if (levels.size > 0) {
      lines.push(...barriersFor(levels));
      pending = after(pending, levels);
    }
    lines.push(...unit.lines);
    for (const key of shared.reads) pending.reads.add(key);
    for (const key of shared.writes) pending.writes.add(key);
  }
  if (!isRepeated) return lines;
  const levels = new Set(
    units.flatMap((unit) => [...conflicts(sharedBy(unit, { ofNextStep: true }), pending)]),
  );
  return [...lines, ...barriersFor(levels)];
}
