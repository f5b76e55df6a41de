/** The passes of a stage as units of a fused kernel: statements between which lanes may have to wait. */
import { describeShape, type Extents, type Shape, sizeOf } from "../../axes.ts";
import { symbols } from "../../schedule/index.ts";
import type { Pass, Reduction } from "../../schedule/pass.ts";
import { emitPass } from "./emit_pass.ts";
import { emitOwnSequence } from "./emit_own_sequence.ts";
import { emitProducts } from "./emit_products.ts";
import { emitSums, emitVisits, type LaneText, partsSize } from "./emit_visits.ts";
import type { EmitContext } from "./expressions.ts";
import { chooseLanes, createGrid, type Grid, gridValues, lanesOf } from "./grid.ts";
import { type FixedAxes, laneAxes, laneCount, laneSymbols, symbolValues } from "./lane_axes.ts";
import { forLanes, indent } from "./kernel_text.ts";
import type { PassTraffic } from "./traffic.ts";
import { type VisitedMatrix, visitedMatrix } from "./visited_matrix.ts";

/** Statements that run without a barrier. */
export interface Unit {
  readonly lines: readonly string[];
  readonly traffic: Omit<PassTraffic, "owners" | "runs">;
  /** Whether it writes or reads the parts of sums. */
  readonly parts: "store" | "load" | undefined;
}

/** The passes of a stage, and the grids of lanes for the matrices that they visit. */
export interface Layout {
  readonly groups: readonly (readonly Pass[])[];
  readonly extents: Extents;
  readonly fixed: FixedAxes;
  /** Lanes of a workgroup. */
  readonly lanes: number;
  /** As in `chooseLanes`. */
  readonly mostSectors: number;
  /** Whether each of the first lanes has a sequence for itself. */
  readonly ownSequences: boolean;
  /** By `describeShape`. */
  readonly grids: ReadonlyMap<string, Grid>;
}

/** Visits below which one lane sums as fast as many that wait for each other. */
const FEW = 16;

/** What a pass visits, if a grid of lanes suits it. */
function visitedBy(
  pass: Pass,
  { extents, fixed }: Pick<Layout, "extents" | "fixed">,
): VisitedMatrix | undefined {
  const isOwn = fixed.has(symbols.sequence) || extents.sequences === 1;
  const visited = visitedMatrix(pass);
  if (!visited || pass.domain.hasBatchAxis && !isOwn) return undefined;
  return visited.sums && sizeOf(visited.shape) < FEW ? undefined : visited;
}

/** A reduction of a pass whose results are a matrix: a lane of a grid makes the results that it owns. */
function reducedMatrix(
  { domain, reduction }: Pass,
  { extents, fixed }: Pick<Layout, "extents" | "fixed">,
): Reduction | undefined {
  const isOwn = !domain.hasBatchAxis || fixed.has(symbols.sequence) || extents.sequences === 1;
  return domain.shape.length === 2 && isOwn ? reduction : undefined;
}

const isOfSequence = ({ domain }: Pass, { ownSequences }: Pick<Layout, "ownSequences">): boolean =>
  ownSequences && domain.hasBatchAxis;

/** Chooses the grids of a stage for workgroups of so many lanes. */
export function layOut(
  groups: Layout["groups"],
  options: Omit<Layout, "groups" | "grids">,
): Layout {
  const grids = new Map<string, Grid>();
  const add = (shape: Shape) => {
    const key = describeShape(shape);
    if (grids.has(key)) return;
    const lanes = chooseLanes(shape, { most: options.lanes, mostSectors: options.mostSectors });
    grids.set(key, createGrid(`g${grids.size}`, shape, lanes));
  };
  for (const pass of groups.flat()) {
    if (isOfSequence(pass, options)) continue;
    const visited = visitedBy(pass, options);
    if (visited) add(visited.shape);
    else if (reducedMatrix(pass, options)) add(pass.domain.shape);
  }
  return { groups, ...options, grids };
}

/** The units of a stage, in order, and the elements of workgroup memory that the parts of sums take. */
export function unitsOf(
  layout: Layout,
  context: EmitContext,
): { units: readonly Unit[]; parts: number } {
  let parts = 0;
  const units = layout.groups.flatMap((group) => {
    let first = 0;
    const visits: Unit[] = [];
    const others = group.flatMap((pass): Unit[] => {
      if (isOfSequence(pass, layout)) {
        return [sequenceUnit(layout, emitOwnSequence(pass, context))];
      }
      const visited = visitedBy(pass, layout);
      const reduced = reducedMatrix(pass, layout);
      if (!visited && reduced) {
        const grid = layout.grids.get(describeShape(pass.domain.shape))!;
        const text = emitProducts(pass, reduced, { grid, context });
        return [gridUnit(text, { grid, lanes: layout.lanes, parts: undefined })];
      }
      if (!visited) return [laneUnit(pass, layout, emitPass(pass, context))];
      const grid = layout.grids.get(describeShape(visited.shape))!;
      const options = { grid, first, context };
      visits.push(gridUnit(emitVisits(pass, visited, options), {
        grid,
        lanes: layout.lanes,
        parts: visited.sums && "store",
      }));
      if (!visited.sums) return [];
      const sums = laneUnit(pass, layout, emitSums(pass, visited, options));
      first += partsSize(pass, visited, grid);
      parts = Math.max(parts, first);
      return [{ ...sums, parts: "load" }];
    });
    return [...visits, ...others];
  });
  return { units, parts };
}

/** A pass with a lane for each element of its domain. */
function laneUnit(
  { domain }: Pass,
  { extents, fixed, lanes }: Layout,
  { lines, touches }: LaneText,
): Unit {
  const axes = laneAxes(domain, extents, fixed);
  const count = laneCount(axes);
  return {
    lines: forLanes([...laneSymbols(axes), ...lines], { count, lanes }),
    traffic: { touches, lanes: count, valuesOf: (lane) => symbolValues(axes, lane) },
    parts: undefined,
  };
}

/** A pass that every lane runs for its own sequence. */
function sequenceUnit(
  { extents: { sequences }, lanes }: Layout,
  { lines, touches }: LaneText,
): Unit {
  const { name } = symbols.sequence;
  return {
    lines: forLanes([`let ${name} = lane;`, ...lines], { count: sequences, lanes }),
    traffic: { touches, lanes: sequences, valuesOf: (lane) => new Map([[name, lane]]) },
    parts: undefined,
  };
}

/** A pass of which every lane of a grid visits the elements that it owns. */
function gridUnit(
  { lines, touches }: LaneText,
  { grid, lanes, parts }: { grid: Grid; lanes: number; parts: Unit["parts"] },
): Unit {
  const count = lanesOf(grid);
  return {
    lines: [...count < lanes ? [`if (lane < ${count}u) {`] : ["{"], ...indent(lines), "}"],
    traffic: { touches, lanes: count, valuesOf: (lane) => gridValues(grid, lane) },
    parts,
  };
}
