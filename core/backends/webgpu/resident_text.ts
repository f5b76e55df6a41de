/** Prints how what stays on the chip gets there, and back into memory. */
import type { Extents } from "../../axes.ts";
import { lanePosition, type Position } from "../../schedule/index.ts";
import type { Place } from "../../schedule/pass.ts";
import type { MemoryPlan } from "../memory_plan.ts";
import { elementText } from "./address.ts";
import { holderOf } from "./elements.ts";
import { type Grid, gridValues, insideTest, lanesOf, ownedPosition } from "./grid.ts";
import { forLanes, indent } from "./kernel_text.ts";
import { type FixedAxes, laneAxes, laneCount, laneSymbols, symbolValues } from "./lane_axes.ts";
import {
  registerName,
  type Residence,
  type Resident,
  residentElements,
  workgroupWords,
} from "./residence.ts";
import type { PassTraffic, Touch } from "./traffic.ts";

/** Statements around the steps of a fused kernel. */
export interface ResidentText {
  /** Of workgroup memory. */
  readonly declarations: readonly string[];
  readonly before: readonly string[];
  /** At the beginning of every step. */
  readonly eachStep: readonly string[];
  readonly after: readonly string[];
  /** Words of workgroup memory. */
  readonly size: number;
  /** What these statements touch. */
  readonly traffic: readonly Moved[];
}

/** What is moved once, or at every step. */
type Moved = Omit<PassTraffic, "owners" | "runs"> & { readonly isOfStep: boolean };

interface Context {
  readonly memory: MemoryPlan;
  readonly extents: Extents;
  readonly fixed: FixedAxes;
  /** Lanes of a workgroup. */
  readonly lanes: number;
}

/** Prints the reads before the steps, and the writes after them. */
export function residentText(residence: Residence, context: Context): ResidentText {
  const all = [...residence.values()];
  const shared = all.filter(({ grid }) => grid === undefined);
  const owned = all.flatMap((resident) =>
    resident.grid ? [{ ...resident, grid: resident.grid }] : []
  );
  const isMoved = (kind: Touch["kind"]) => ({ isRead, isWritten }: Resident) =>
    kind === "load" ? isRead : isWritten;
  const moved = (kind: Touch["kind"]) => [
    ...owned.filter((resident) => !resident.isOfStep && isMoved(kind)(resident))
      .flatMap((resident) => moveRegisters(resident, kind, context)),
    ...shared.filter(isMoved(kind))
      .flatMap((resident) => moveShared(resident, kind, residence, context)),
  ];
  const traffic = (kind: Touch["kind"]) => [
    ...owned.filter(isMoved(kind)).map((resident) => ownedTraffic(resident, kind)),
    ...shared.filter(isMoved(kind)).map((resident) => sharedTraffic(resident, kind, context)),
  ];
  const defined = owned.flatMap((resident) =>
    positionsOf(resident.grid).map(({ position }) =>
      `var ${registerName(resident, position)} = 0.0f;`
    )
  );
  return {
    declarations: shared.map(({ name, size }) => `var<workgroup> ${name}: array<f32, ${size}>;`),
    before: [
      ...defined,
      ...moved("load"),
      ...shared.some(({ isRead }) => isRead) ? ["workgroupBarrier();"] : [],
    ],
    eachStep: owned.filter(({ isOfStep }) => isOfStep)
      .flatMap((resident) => moveRegisters(resident, "load", context)),
    after: [
      // The last step has ended for this lane only.
      ...shared.some(({ isWritten }) => isWritten) ? ["workgroupBarrier();"] : [],
      ...moved("store"),
    ],
    size: shared.reduce((sum, { size }) => sum + workgroupWords(size), 0),
    traffic: [...traffic("load"), ...traffic("store")],
  };
}

/** The elements that a lane owns, and what has to hold for each. */
function positionsOf(grid: Grid): { position: Position; test: string | undefined }[] {
  return grid.rows.flatMap((row) =>
    grid.columns.map((column) => ({
      position: ownedPosition(grid, row, column),
      test: insideTest(grid, row, column),
    }))
  );
}

function moveRegisters(
  resident: Resident & { readonly grid: Grid },
  kind: Touch["kind"],
  { memory, lanes }: Context,
): string[] {
  const { place, grid } = resident;
  const lines = positionsOf(grid).map(({ position, test }) => {
    const [register, element] = [
      registerName(resident, position),
      elementText(memory, place, position),
    ];
    if (kind === "load") return `${register} = ${element};`;
    return test ? `if (${test}) { ${element} = ${register}; }` : `${element} = ${register};`;
  });
  return lanesOf(grid) < lanes ? [`if (lane < ${lanesOf(grid)}u) {`, ...indent(lines), "}"] : lines;
}

function ownedTraffic(
  { place, grid, isOfStep }: Resident & { readonly grid: Grid },
  kind: Touch["kind"],
): Moved {
  return {
    touches: positionsOf(grid).map(({ position }): Touch => ({
      place,
      position,
      kind,
      level: "memory",
      times: 1,
    })),
    lanes: lanesOf(grid),
    valuesOf: (lane: number) => gridValues(grid, lane),
    isOfStep,
  };
}

const axesOf = (place: Place, { extents, fixed }: Context) =>
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
