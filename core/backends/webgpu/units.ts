/** The passes of a stage as units of a fused kernel: statements between which lanes may have to wait. */
import { describeShape, type Extents, sameShape, sizeOf } from "../../axes.ts";
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
  /** Elements of workgroup memory that parts of sums may take. */
  readonly mostParts: number;
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
  const isSmall = visited.sums && sizeOf(visited.shape) < FEW && pass.innerStores.length === 0;
  return isSmall ? undefined : visited;
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
  const { lanes: most, mostSectors, mostParts } = options;
  const grids = new Map<string, Grid>();
  const passes = groups.flat().filter((pass) => !isOfSequence(pass, options));
  for (const pass of passes) {
    const shape = visitedBy(pass, options)?.shape ??
      (reducedMatrix(pass, options) && pass.domain.shape);
    if (!shape || grids.has(describeShape(shape))) continue;
    const name = `g${grids.size}`;
    const fits = (lanes: Grid["lanes"]) =>
      passes.every((other) => {
        const visited = visitedBy(other, options);
        return !visited?.sums || !sameShape(visited.shape, shape) ||
          partsSize(other, visited, createGrid(name, shape, lanes)) <= mostParts;
      });
    const lanes = chooseLanes(shape, { most, mostSectors, fits });
    grids.set(describeShape(shape), createGrid(name, shape, lanes));
  }
  return { groups, ...options, grids };
}

/** The units of a stage, in order, and the elements of workgroup memory that the parts of sums take. */
export function unitsOf(
  layout: Layout,
  context: EmitContext,
): { units: readonly Unit[]; parts: number } {
  const batches = layout.groups.flatMap((group) => batchesOf(group, layout));
  const units = batches.flatMap((batch) => {
    let first = 0;
    const visits: Unit[] = [];
    const others = batch.flatMap((pass): Unit[] => {
      const { visited, grid } = visitOf(pass, layout);
      if (!visited) return [unitWithoutVisits(pass, layout, context)];
      const options = { grid, first, context };
      visits.push(gridUnit(emitVisits(pass, visited, options), {
        grid,
        lanes: layout.lanes,
        parts: visited.sums && "store",
      }));
      if (!visited.sums) return [];
      const sums = laneUnit(pass, layout, emitSums(pass, visited, options));
      first += partsOf(pass, layout);
      return [{ ...sums, parts: "load" }];
    });
    return [...visits, ...others];
  });
  const sizes = batches.map((batch) => partsOfAll(batch, layout));
  return { units, parts: Math.max(0, ...sizes) };
}

/** What a pass visits, and the grid for it. */
function visitOf(
  pass: Pass,
  layout: Layout,
): { visited: VisitedMatrix; grid: Grid } | { visited: undefined; grid: undefined } {
  const visited = isOfSequence(pass, layout) ? undefined : visitedBy(pass, layout);
  const grid = visited && layout.grids.get(describeShape(visited.shape))!;
  if (!visited || !grid) return { visited: undefined, grid: undefined };
  const isTooLarge = visited.sums && partsSize(pass, visited, grid) > layout.mostParts;
  return isTooLarge ? { visited: undefined, grid: undefined } : { visited, grid };
}

/** Elements of workgroup memory that the parts of the sums of a pass take. */
function partsOf(pass: Pass, layout: Layout): number {
  const { visited, grid } = visitOf(pass, layout);
  return visited?.sums ? partsSize(pass, visited, grid) : 0;
}

const partsOfAll = (passes: readonly Pass[], layout: Layout): number =>
  passes.reduce((sum, pass) => sum + partsOf(pass, layout), 0);

/** The passes of a group as batches whose parts of sums fit. */
function batchesOf(group: readonly Pass[], layout: Layout): Pass[][] {
  const batches: Pass[][] = [[]];
  for (const pass of group) {
    if (partsOfAll([...batches.at(-1)!, pass], layout) > layout.mostParts) batches.push([]);
    batches.at(-1)!.push(pass);
  }
  return batches;
}

/** A pass that needs no grid for what it visits. */
function unitWithoutVisits(pass: Pass, layout: Layout, context: EmitContext): Unit {
  if (isOfSequence(pass, layout)) return sequenceUnit(layout, emitOwnSequence(pass, context));
  const reduced = reducedMatrix(pass, layout);
  if (!reduced) return laneUnit(pass, layout, emitPass(pass, context));
  const grid = layout.grids.get(describeShape(pass.domain.shape))!;
  const text = emitProducts(pass, reduced, { grid, context });
  return gridUnit(text, { grid, lanes: layout.lanes, parts: undefined });
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
