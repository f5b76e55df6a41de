/** Prints how what stays on the chip gets there, and back into memory. */
import type { Extents } from "../../axes.ts";
import { lanePosition } from "../../schedule/index.ts";
import type { Place } from "../../schedule/pass.ts";
import type { MemoryPlan } from "../memory_plan.ts";
import { elementText } from "./address.ts";
import { holderOf } from "./elements.ts";
import { forLanes, indent } from "./kernel_text.ts";
import {
  type FixedAxes,
  laneAxes,
  type LaneAxis,
  laneCount,
  laneSymbols,
  symbolValues,
} from "./lane_axes.ts";
import type { OwnElements } from "./own_elements.ts";
import {
  ownIndex,
  registerName,
  type Residence,
  type Resident,
  residentElements,
} from "./residence.ts";
import { SCRATCHPAD } from "./scratchpad.ts";
import type { PassTraffic, Touch } from "./traffic.ts";
import type { Unit } from "./units.ts";

/** Statements around the steps of a fused kernel. */
export interface ResidentText {
  readonly before: readonly string[];
  /** At the beginning of every step. */
  readonly eachStep: readonly string[];
  readonly after: readonly string[];
  /** Whether something goes through workgroup memory that does not stay there. */
  readonly isStaged: boolean;
  /** What these statements touch. */
  readonly traffic: readonly Moved[];
}

/** What is moved once, or at every step. */
type Moved = Omit<PassTraffic, "owners" | "runs"> & { readonly isOfStep: boolean };

type Owned = Resident & { readonly own: OwnElements };

interface Context {
  readonly memory: MemoryPlan;
  readonly extents: Extents;
  readonly fixed: FixedAxes;
  /** Lanes of a workgroup. */
  readonly lanes: number;
  /** Words of workgroup memory: what is moved in stages goes through all of it. */
  readonly words: number;
  /** Whether a CPU computes: it gains nothing from stages. */
  readonly isSoftware: boolean;
}

/** Prints the reads before the steps, and the writes after them. */
export function residentText(residence: Residence, context: Context): ResidentText {
  const all = [...residence.values()];
  const shared = all.filter(({ own }) => own === undefined);
  const owned = all.flatMap((resident): Owned[] =>
    resident.own ? [{ ...resident, own: resident.own }] : []
  );
  const isMoved = (kind: Touch["kind"]) => ({ isRead, isWritten }: Resident) =>
    kind === "load" ? isRead : isWritten;
  const isStaged = ({ own, isOfStep }: Owned) =>
    movesInStages(own) && !isOfStep && !context.isSoftware;
  const staged = owned.filter(isStaged);
  const direct = owned.filter((resident) => !isStaged(resident));
  const moved = (kind: Touch["kind"]) => [
    ...direct.filter((resident) => !resident.isOfStep && isMoved(kind)(resident))
      .flatMap((resident) => moveRegisters(resident, kind, context)),
    ...shared.filter(isMoved(kind))
      .flatMap((resident) => moveShared(resident, kind, residence, context)),
  ];
  const movedInStages = (kind: Touch["kind"]) =>
    staged.filter(isMoved(kind)).flatMap((resident) => moveInStages(resident, kind, context));
  const traffic = (kind: Touch["kind"]) => [
    ...direct.filter(isMoved(kind)).map((resident) => ownedTraffic(resident, kind)),
    ...[...staged, ...shared].filter(isMoved(kind))
      .map((resident) => sharedTraffic(resident, kind, context)),
  ];
  const defined = owned.flatMap((resident) =>
    resident.own.positions.map(({ position }) => `var ${registerName(resident, position)} = 0.0f;`)
  );
  const waitsFor = (kind: Touch["kind"], residents: readonly Resident[]) =>
    residents.some(isMoved(kind)) ? ["workgroupBarrier();"] : [];
  return {
    before: [
      ...defined,
      ...movedInStages("load"),
      ...moved("load"),
      ...waitsFor("load", shared),
    ],
    eachStep: owned.filter(({ isOfStep }) => isOfStep)
      .flatMap((resident) => moveRegisters(resident, "load", context)),
    // The last step has ended for this lane only.
    after: [
      ...waitsFor("store", [...shared, ...staged]),
      ...moved("store"),
      ...staged.some(isMoved("store")) ? waitsFor("store", shared) : [],
      ...movedInStages("store"),
    ],
    isStaged: staged.length > 0,
    traffic: [...traffic("load"), ...traffic("store")],
  };
}

/** More sectors than this, in multiples of the ideal, are worth two barriers. */
const NEARLY_IDEAL = 1.1;

/** Whether elements that lanes have for themselves are better moved by all lanes together. */
const movesInStages = ({ sectors }: OwnElements): boolean => sectors > NEARLY_IDEAL;

const ownLanes = ({ own }: Owned, lines: readonly string[], { lanes }: Context): string[] => [
  own.lanes < lanes ? `if (lane < ${own.lanes}u) {` : "{",
  ...indent([...own.symbols, ...lines]),
  "}",
];

function moveRegisters(resident: Owned, kind: Touch["kind"], context: Context): string[] {
  const { place, own } = resident;
  const lines = own.positions.map(({ position, test }) => {
    const [register, element] = [
      registerName(resident, position),
      elementText(context.memory, place, position),
    ];
    if (kind === "load") return `${register} = ${element};`;
    return test ? `if (${test}) { ${element} = ${register}; }` : `${element} = ${register};`;
  });
  return ownLanes(resident, lines, context);
}

function ownedTraffic({ place, own, isOfStep }: Owned, kind: Touch["kind"]): Moved {
  return {
    touches: own.positions.map(({ position }): Touch => ({
      place,
      position,
      kind,
      level: "memory",
      times: 1,
    })),
    lanes: own.lanes,
    valuesOf: own.valuesOf,
    isOfStep,
  };
}

/**
 * Moves registers of lanes whose elements lie apart: part after part of the place, all lanes together move neighbours
 * between memory and workgroup memory, and each lane its own between that and its registers.
 */
function moveInStages(resident: Owned, kind: Touch["kind"], context: Context): string[] {
  const { place, own, size } = resident;
  const { memory, words, fixed, lanes } = context;
  const element = elementText(memory, place, lanePosition(holderOf(place).shape.length));
  const ofAll = [
    `for (var e = first + lane; e < end; e += ${lanes}u) {`,
    ...indent([
      ...laneSymbols(axesOf(place, context)),
      kind === "load"
        ? `${SCRATCHPAD}[e - first] = ${element};`
        : `${element} = ${SCRATCHPAD}[e - first];`,
    ]),
    "}",
  ];
  const moves = own.positions.map(({ position, test }) => {
    const register = registerName(resident, position);
    const index = ownIndex(place, position, { memory, fixed });
    const part = `${SCRATCHPAD}[${index} - first]`;
    const tests = [
      `${index} >= first && ${index} < end`,
      ...test && kind === "store" ? [test] : [],
    ];
    const line = kind === "load" ? `${register} = ${part};` : `${part} = ${register};`;
    return `if (${tests.join(" && ")}) { ${line} }`;
  });
  const ofLane = ownLanes(resident, moves, context);
  const [once, then] = kind === "load" ? [ofAll, ofLane] : [ofLane, ofAll];
  return [
    `for (var first = 0u; first < ${size}u; first += ${words}u) {`,
    ...indent([
      `let end = min(first + ${words}u, ${size}u);`,
      ...once,
      "workgroupBarrier();",
      ...then,
      "workgroupBarrier();",
    ]),
    "}",
  ];
}

/** The pass that begins a step: it copies to workgroup memory what other passes read there. */
export function copiesOfStep(residence: Residence, context: Context): Unit[] {
  return [...residence.values()].filter(({ own, isOfStep }) => isOfStep && !own)
    .map((resident) => {
      const traffic = sharedTraffic(resident, "load", context);
      const written: Touch = { ...traffic.touches[0]!, kind: "store", level: "workgroup" };
      return {
        lines: moveShared(resident, "load", residence, context),
        traffic: { ...traffic, touches: [...traffic.touches, written] },
        pass: undefined,
        parts: undefined,
        words: 0,
      };
    });
}

const axesOf = (place: Place, { extents, fixed }: Context): LaneAxis[] =>
  laneAxes(holderOf(place), extents, fixed);

function moveShared(
  { place }: Resident,
  kind: Touch["kind"],
  residence: Residence,
  context: Context,
): string[] {
  const { memory, fixed, lanes } = context;
  const axes = axesOf(place, context);
  const position = lanePosition(holderOf(place).shape.length);
  const element = elementText(memory, place, position);
  const { text } = residentElements(memory, residence, fixed).read(place, position);
  const line = kind === "load" ? `${text} = ${element};` : `${element} = ${text};`;
  return forLanes([...laneSymbols(axes), line], { count: laneCount(axes), lanes });
}

/** What all lanes move together. */
function sharedTraffic({ place }: Resident, kind: Touch["kind"], context: Context): Moved {
  const axes = axesOf(place, context);
  const position = lanePosition(holderOf(place).shape.length);
  return {
    touches: [{ place, position, kind, level: "memory", times: 1 } as Touch],
    lanes: laneCount(axes),
    valuesOf: (lane: number) => symbolValues(axes, lane),
    isOfStep: false,
  };
}
