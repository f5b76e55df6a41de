/**
 * What stays on the chip while a workgroup runs all steps of its sequence or replica: matrices of which
 * every lane touches its own elements only, in registers; other values that a step leaves to the next, or
 * a pass to a later one, in workgroup memory. They are read once before the steps and written once after.
 */
import type { Slot } from "../../program/node.ts";
import { lanePosition, type Position, symbolOf, symbols } from "../../schedule/index.ts";
import type { Place, Temporary } from "../../schedule/pass.ts";
import type { MemoryPlan, Stride } from "../memory_plan.ts";
import { elementText, sumText } from "./address.ts";
import { type Element, type Elements, holderOf } from "./elements.ts";
import type { FixedAxes } from "./lane_axes.ts";
import type { OwnElements, Ownership } from "./own_elements.ts";
import { type Lifetime, placeRegions, type Region, SCRATCHPAD } from "./scratchpad.ts";
import type { PassTraffic, Touch } from "./traffic.ts";
import type { Unit } from "./units.ts";

/** A place that stays on the chip. */
export interface Resident {
  readonly place: Place;
  /** Begins the names of its registers. */
  readonly name: string;
  /** Of a place in registers: the elements of a lane. */
  readonly own?: OwnElements;
  /** Of a place in workgroup memory: where it lies. */
  readonly region?: Region;
  /** Elements of one owner. */
  readonly size: number;
  /** Whether it has to be there before the first step. */
  readonly isRead: boolean;
  /** Whether it has to be in memory after the last step. */
  readonly isWritten: boolean;
  /** Whether it has other values at every step, which are read when the step begins. */
  readonly isOfStep: boolean;
  /** Only a copy for later passes: every step writes the value to memory too, for other steps or launches. */
  readonly isCopy: boolean;
  /** When a step needs it: always, or from the first to the last touch of a temporary. */
  readonly units: Lifetime;
}

/** Places on the chip, by slot or temporary. */
export type Residence = ReadonlyMap<Slot | Temporary, Resident>;

/** What a unit touches, how many lanes do, and the words that parts of sums take meanwhile. */
type UnitTouches = Pick<PassTraffic, "touches" | "lanes"> & Pick<Unit, "pass" | "words">;

/** What touches a place, in the order of the passes. */
interface Uses {
  readonly place: Place;
  readonly touches: {
    readonly touch: Touch;
    readonly unit: number;
    readonly pass: Unit["pass"];
    readonly lanes: number;
  }[];
}

/**
 * Chooses what stays on the chip.
 *
 * @param units what the lanes of the passes touch, in order, when everything lies in memory.
 * @param words registers of a lane, and elements of workgroup memory, that may be taken.
 */
export function chooseResidence(
  units: readonly UnitTouches[],
  { owners, sizeOfOwner, words, outside }: {
    /** Whose elements may be in registers, the ones that matter most first. */
    owners: readonly Ownership[];
    /** Elements of a slot or temporary for one owner. */
    sizeOfOwner: (place: Place) => number;
    words: { readonly registers: number; readonly workgroup: number };
    /** Of a launch that is a part of one step: what the other parts touch. */
    outside: ReadonlySet<Slot | Temporary> | undefined;
  },
): Residence {
  const residence = new Map<Slot | Temporary, Resident>();
  /** By unit: temporaries of other units may take the same ones. */
  const registers = units.map(() => words.registers);
  const uses = [...usesByPlace(units).entries()].map(([index, use]) => {
    const size = sizeOfOwner(use.place);
    const resident = residentOf(use, index, { size, count: units.length, outside });
    // Around many steps these count for little.
    const moves = outside ? movesOf(resident) : 0;
    return { ...use, resident, saved: savedPasses(use, moves), own: ownElements(use, owners) };
  });
  const largeFirst = uses.filter(({ saved }) => !outside || saved > 0)
    .toSorted((a, b) => b.resident.size - a.resident.size);
  const isCopied = ({ place, touches }: Uses) => hasManyMoments(place) && isReadLater(touches);
  const byGain = largeFirst.toSorted((a, b) => gainOf(b) - gainOf(a));
  for (const use of byGain) {
    const { place, touches, resident, own } = use;
    const isOfStep = hasManyMoments(place) && isReadOften(touches);
    if (isCopied(use) || hasManyMoments(place) && !isOfStep) continue;
    const [first, last] = resident.units;
    const needed = own?.positions.length ?? Infinity;
    if (!own || needed > Math.min(...registers.slice(first, last + 1))) continue;
    for (let unit = first; unit <= last; unit++) registers[unit]! -= needed;
    residence.set(holderOf(place), { ...resident, own, isOfStep });
  }
  const others = largeFirst.filter((use) =>
    !residence.has(holderOf(use.place)) &&
    (!hasManyMoments(use.place) || isReadOften(use.touches) || isCopied(use))
  ).toSorted((a, b) => b.saved - a.saved);
  const regions = placeRegions(
    others.map(({ resident: { size, units } }) => ({ size, lifetime: units })),
    { words: words.workgroup, parts: units.map(({ words }) => words) },
  );
  others.forEach(({ place, touches, resident }, index) => {
    const region = regions[index];
    if (!region) return;
    const isOfStep = isReadOften(touches);
    const ofMoments = { isRead: false, isWritten: false, isOfStep, isCopy: !isOfStep };
    residence.set(
      holderOf(place),
      { ...resident, ...hasManyMoments(place) ? ofMoments : {}, region },
    );
  });
  return residence;
}

/** Passes of a step that read a place, and that write it. */
function passesOf({ touches }: Uses): { loads: number; stores: number } {
  const count = (kind: Touch["kind"]) =>
    new Set(touches.filter(({ touch }) => touch.kind === kind).map(({ pass }) => pass)).size;
  return { loads: count("load"), stores: count("store") };
}

/**
 * How many passes of a step need not go to memory if a place lies on the chip.
 *
 * @param moves as of `movesOf`.
 */
function savedPasses(uses: Uses, moves: number): number {
  const { loads, stores } = passesOf(uses);
  if (!hasManyMoments(uses.place)) return loads + stores - moves;
  // Values of a step are read from memory once, or written.
  return isReadOften(uses.touches) ? loads - 1 : loads;
}

/** Sectors that a register saves at every step, in multiples of those of a pass whose lanes touch neighbours. */
const gainOf = ({ own, saved }: { own: OwnElements | undefined; saved: number }): number =>
  saved * (own?.sectors ?? 1);

/** How often a launch moves what is on the chip from or to memory. */
const movesOf = ({ isRead, isWritten, isCopy }: Resident): number =>
  Number(isRead) + Number(isWritten) + Number(isCopy);

function residentOf(
  { place, touches }: Uses,
  index: number,
  { size, count, outside }: {
    size: number;
    count: number;
    outside: ReadonlySet<Slot | Temporary> | undefined;
  },
): Resident {
  const isSlot = "slot" in place;
  const isTouched = (kind: Touch["kind"]) => touches.some(({ touch }) => touch.kind === kind);
  // Another launch of the step reads the temporary, or has made it.
  const isPassedOn = !isSlot && outside?.has(place.temporary) === true;
  const isMade = isPassedOn && !isTouched("store");
  const first = isSlot || isMade ? 0 : touches[0]!.unit;
  const last = isSlot ? count - 1 : touches.at(-1)!.unit;
  return {
    place,
    units: [first, last],
    name: `${isSlot ? "slot" : "value"}${index}`,
    isRead: isSlot ? isTouched("load") : isMade,
    isWritten: isSlot && isTouched("store"),
    size,
    isOfStep: false,
    isCopy: isPassedOn && !isMade,
  };
}

/** The elements of a place that a lane has for itself, if no lane touches any other. */
function ownElements(
  { place, touches }: Uses,
  owners: readonly Ownership[],
): OwnElements | undefined {
  return owners.find((owner) =>
    touches.every(({ touch, lanes }) => owner.owns(place, ownMoment(place, touch.position), lanes))
  )?.elementsOf(place);
}

/** The position without what a place has no axis for. */
function ownMoment(place: Place, position: Position): Position {
  const { sequence, time } = lanePosition(2);
  return {
    ...position,
    sequence: holderOf(place).hasBatchAxis ? position.sequence : sequence,
    time: hasManyMoments(place) ? position.time : time,
  };
}

/** Whether a place has values of every step or iteration. */
const hasManyMoments = (place: Place): boolean =>
  "slot" in place && (place.slot.hasTimeAxis || place.slot.hasChunkAxis);

/** Whether a touch is of the step that is running. */
const isOfRunningStep = ({ touch: { position: { time } } }: Uses["touches"][number]): boolean =>
  !("clamped" in time) && time.symbol === symbols.time && time.offset === 0;

/** Whether several passes read values of the step that is running, and none writes them. */
const isReadOften = (touches: Uses["touches"]): boolean =>
  new Set(touches.map(({ unit }) => unit)).size > 1 && touches.every(isOfRunningStep) &&
  touches.every(({ touch }) => touch.kind === "load");

/** Whether a pass writes values of the step that is running, and only later passes read them. */
function isReadLater(touches: Uses["touches"]): boolean {
  if (!touches.every(isOfRunningStep)) return false;
  const units = (kind: Touch["kind"]) =>
    touches.filter(({ touch }) => touch.kind === kind).map(({ unit }) => unit);
  const [loads, stores] = [units("load"), units("store")];
  return loads.length > 0 && stores.length > 0 && Math.min(...loads) > Math.max(...stores);
}

function usesByPlace(units: readonly UnitTouches[]): Uses[] {
  const uses = new Map<Slot | Temporary, Uses>();
  units.forEach(({ touches, lanes, pass }, unit) => {
    for (const touch of touches) {
      const { place } = touch;
      const use = uses.get(holderOf(place)) ?? { place, touches: [] };
      uses.set(holderOf(place), use);
      use.touches.push({ touch, unit, pass, lanes });
    }
  });
  return [...uses.values()];
}

/** Words of workgroup memory that a residence takes. */
export const wordsOf = (residence: Residence): number =>
  Math.max(0, ...[...residence.values()].map(({ region }) => region?.to ?? 0));

/** Registers of a lane that a residence takes at most. */
export function registersOf(residence: Residence): number {
  const owned = [...residence.values()].filter(({ own }) => own);
  const at = (unit: number) =>
    owned.filter(({ units: [first, last] }) => first <= unit && unit <= last)
      .reduce((sum, { own }) => sum + own!.positions.length, 0);
  return Math.max(0, ...owned.map(({ units: [first] }) => at(first)));
}

/** The elements of places, some of which stay on the chip; an owner has fixed some axes. */
export function residentElements(
  memory: MemoryPlan,
  residence: Residence,
  fixed: FixedAxes,
): Elements {
  const inMemory = (place: Place, position: Position): Element => ({
    text: elementText(memory, place, position),
    level: "memory",
  });
  function read(place: Place, position: Position): Element {
    const resident = residence.get(holderOf(place));
    if (!resident) return inMemory(place, position);
    if (resident.own) return { text: registerName(resident, position), level: "register" };
    const { from } = resident.region!;
    const index = ownIndex(place, position, { memory, fixed, first: from });
    return { text: `${SCRATCHPAD}[${index}]`, level: "workgroup" };
  }
  return {
    read,
    written(place, position) {
      const isCopy = residence.get(holderOf(place))?.isCopy;
      return isCopy ? [inMemory(place, position), read(place, position)] : [read(place, position)];
    },
  };
}

/** The register of an element that its lane owns; one of several sequences is told by its number. */
export function registerName(
  { name, place }: Resident,
  { element, sequence }: Position,
): string {
  const owned = element.map((index) =>
    "clamped" in index ? "" : index.symbol?.name ?? index.offset
  );
  const isNumbered = holderOf(place).hasBatchAxis && symbolOf(sequence) === undefined;
  return [name, ...owned, ...isNumbered ? [`b${sequence.offset}`] : []].join("_");
}

/** The index of an element among those of its owner, at the step that is running; that of the first one is `first`. */
export function ownIndex(
  place: Place,
  position: Position,
  { memory, fixed, first = 0 }: { memory: MemoryPlan; fixed: FixedAxes; first?: number },
): string {
  const strides = memory.stridesOf(place).filter(({ axis }) => isOfOwner(axis, fixed));
  return sumText(strides, position, first);
}

/** Whether an axis is inside the part of an owner, at one step. */
export function isOfOwner(axis: Stride["axis"], fixed: FixedAxes): boolean {
  return axis === "post" || axis === "pre" || axis === "sequence" && !fixed.has(symbols.sequence);
}
