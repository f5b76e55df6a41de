/**
 * How the passes of a stage are laid out for the lanes of a workgroup: which grid of lanes visits a matrix, and in which
 * portions a pass runs, so that the parts of its sums fit.
 */
import { describeShape, type Extents, sameShape, sizeOf } from "../../axes.ts";
import { symbols } from "../../schedule/index.ts";
import type { Pass, Reduction } from "../../schedule/pass.ts";
import { partsSize } from "./emit_visits.ts";
import { chooseLanes, createGrid, type Grid } from "./grid.ts";
import type { FixedAxes } from "./lane_axes.ts";
import { type Round, roundsOf } from "./sequence_rounds.ts";
import { type VisitedMatrix, visitedMatrix } from "./visited_matrix.ts";

/** What a workgroup runs, and what its passes may take. */
export interface Workload {
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
}

/** The passes of a stage, and the grids of lanes for the matrices that they visit. */
export interface Layout extends Workload {
  /** By `describeShape`. */
  readonly grids: ReadonlyMap<string, Grid>;
}

/** What of a workgroup says how many sequences it has. */
type Owned = Pick<Workload, "extents" | "fixed">;

/** Sequences of a workgroup: its lanes own elements in all of them. */
export const sequencesOf = ({ extents, fixed }: Owned): number =>
  fixed.has(symbols.sequence) ? 1 : extents.sequences;

const hasSeveral = ({ domain }: Pass, owned: Owned): boolean =>
  domain.hasBatchAxis && sequencesOf(owned) > 1;

/** Visits below which one lane sums as fast as many that wait for each other. */
const FEW = 16;

/** What a pass visits, if a grid of lanes suits it. */
function visitedBy(pass: Pass, owned: Owned): VisitedMatrix | undefined {
  const visited = visitedMatrix(pass);
  // There are as many sums of vectors as sequences: enough lanes have one each.
  if (!visited || hasSeveral(pass, owned) && visited.shape.length !== 2) return undefined;
  const isSmall = visited.sums && sizeOf(visited.shape) < FEW && pass.innerStores.length === 0;
  return isSmall ? undefined : visited;
}

/** A reduction of a pass whose results are a matrix: a lane of a grid makes the results that it owns. */
export const reducedMatrix = (pass: Pass, owned: Owned): Reduction | undefined =>
  pass.domain.shape.length === 2 && !hasSeveral(pass, owned) ? pass.reduction : undefined;

/** Whether each lane runs a pass for its own sequence. */
export const isOfSequence = (
  { domain }: Pass,
  { ownSequences }: Pick<Workload, "ownSequences">,
): boolean => ownSequences && domain.hasBatchAxis;

/** Rounds that there may be at most: each is text of its own. */
const MOST_ROUNDS = 16;

/** Rounds in which the lanes of a grid go over the sequences of a pass. */
function countRounds(pass: Pass, visited: VisitedMatrix, grid: Grid, workload: Workload): number {
  const sequences = hasSeveral(pass, workload) ? sequencesOf(workload) : 1;
  const most = visited.sums
    ? Math.floor(workload.mostParts / partsSize(pass, visited, grid))
    : sequences;
  return Math.ceil(sequences / most);
}

/** Chooses the grids of a stage. */
export function layOut(workload: Workload): Layout {
  const grids = new Map<string, Grid>();
  const passes = workload.groups.flat().filter((pass) => !isOfSequence(pass, workload));
  for (const pass of passes) {
    const shape = visitedBy(pass, workload)?.shape ??
      (reducedMatrix(pass, workload) && pass.domain.shape);
    if (!shape || grids.has(describeShape(shape))) continue;
    const name = `g${grids.size}`;
    const roundsWith = (lanes: Grid["lanes"]) => {
      const grid = createGrid(name, shape, lanes);
      return Math.max(
        ...passes.map((other) => {
          const visited = visitedBy(other, workload);
          const isSummed = visited?.sums && sameShape(visited.shape, shape);
          return isSummed ? countRounds(other, visited, grid, workload) : 1;
        }),
      );
    };
    const { lanes: most, mostSectors } = workload;
    const sequences = sequencesOf(workload);
    const lanes = chooseLanes(shape, { most, mostSectors, sequences, roundsWith });
    grids.set(describeShape(shape), createGrid(name, shape, lanes));
  }
  return { ...workload, grids };
}

/** What a pass visits, and the grid for it. */
export function visitOf(
  pass: Pass,
  layout: Layout,
): { visited: VisitedMatrix; grid: Grid } | { visited: undefined; grid: undefined } {
  const visited = isOfSequence(pass, layout) ? undefined : visitedBy(pass, layout);
  const grid = visited && layout.grids.get(describeShape(visited.shape))!;
  if (!visited || !grid) return { visited: undefined, grid: undefined };
  const isTooLarge = countRounds(pass, visited, grid, layout) > MOST_ROUNDS;
  return isTooLarge ? { visited: undefined, grid: undefined } : { visited, grid };
}

/** Elements that a lane owns, in all sequences of its workgroup. */
export const visitsOf = ({ rows, columns }: Grid, owned: Owned): number =>
  rows.length * columns.length * sequencesOf(owned);

/** Elements of all sequences that the text of a lane names. */
const MOST_NAMED = 96;

/** Whether a loop counts the sequences of a workgroup, whose elements then are not in registers. */
export const isLooped = (grid: Grid, owned: Owned): boolean => visitsOf(grid, owned) > MOST_NAMED;

/** A pass, or a round of its sequences, and the elements of workgroup memory that the parts of its sums take. */
export interface Portion {
  readonly pass: Pass;
  readonly round: Round | undefined;
  readonly parts: number;
}

function portionsOf(pass: Pass, layout: Layout): Portion[] {
  const { visited, grid } = visitOf(pass, layout);
  const parts = visited?.sums ? partsSize(pass, visited, grid) : 0;
  if (!visited || !hasSeveral(pass, layout)) return [{ pass, round: undefined, parts }];
  const rounds = roundsOf(sequencesOf(layout), {
    count: countRounds(pass, visited, grid, layout),
    isLoop: isLooped(grid, layout),
  });
  return rounds.map((round) => ({ pass, round, parts: parts * (round.to - round.from) }));
}

const partsOfAll = (portions: readonly Portion[]): number =>
  portions.reduce((sum, { parts }) => sum + parts, 0);

/** The passes of a group as batches whose parts of sums fit. */
export function batchesOf(group: readonly Pass[], layout: Layout): Portion[][] {
  const batches: Portion[][] = [[]];
  for (const portion of group.flatMap((pass) => portionsOf(pass, layout))) {
    if (partsOfAll([...batches.at(-1)!, portion]) > layout.mostParts) batches.push([]);
    batches.at(-1)!.push(portion);
  }
  return batches;
}
