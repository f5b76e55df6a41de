/** Prints the kernel of one pass: the pass over all replicas and sequences is a launch. */
import type { Extents } from "../../axes.ts";
import type { Stage } from "../../program/program.ts";
import {
  type IndexSymbol,
  lanePosition,
  loopSymbol,
  symbolIndex,
  symbols,
} from "../../schedule/index.ts";
import type { Pass } from "../../schedule/pass.ts";
import { changedRows } from "../../schedule/past_rows.ts";
import type { MemoryPlan } from "../memory_plan.ts";
import { elementsInMemory } from "./elements.ts";
import {
  BLOCK_LANES,
  blockGrid,
  blockSymbols,
  blockValues,
  emitBlock,
  firstRow,
} from "./block_product.ts";
import { emitPass } from "./emit_pass.ts";
import type { EmitContext } from "./expressions.ts";
import { emitSums, emitVisits, partsSize } from "./emit_visits.ts";
import {
  type Grid,
  gridSymbols,
  gridValues,
  lanesOf,
  originOf,
  tiledGrid,
  tileSide,
} from "./grid.ts";
import { forLanes, indent, type KernelSource, kernelText } from "./kernel_text.ts";
import { laneAxes, type LaneAxis, laneCount, laneSymbols, symbolValues } from "./lane_axes.ts";
import { mostLive } from "./live_names.ts";
import { loopTurns } from "./loop_turns.ts";
import { movedTo, type Product, productOf } from "./product.ts";
import { TILE } from "./staged_matrices.ts";
import { SCRATCHPAD } from "./scratchpad.ts";
import { stagedProduct } from "./staged_product.ts";
import { segmentSymbols } from "./steps_text.ts";
import type { PassTraffic } from "./traffic.ts";
import { turnsOf } from "./sequences_in_turn.ts";
import { visitedMatrix } from "./visited_matrix.ts";
import type { WorkgroupLimits } from "./workgroup_limits.ts";

/** Lanes of a workgroup that runs a single pass. */
const SPLIT_LANES = 64;

/** What is printed. */
interface Split {
  readonly pass: Pass;
  readonly memory: MemoryPlan;
  readonly places: EmitContext["places"];
  readonly extents: Extents;
  readonly stage: Stage;
  readonly limits: Pick<WorkgroupLimits, "bytes" | "isSoftware" | "subgroup">;
  readonly title: string;
}

/** The kernel of one pass, over all replicas and sequences. */
export function splitKernel(split: Split): KernelSource {
  const { memory, places, limits: { isSoftware, subgroup } } = split;
  const context = { elements: elementsInMemory(memory), places, subgroup };
  const product = productOf(split.pass, split);
  if (product) {
    return isSoftware
      ? blockKernel(split, product, context)
      : stagedKernel(split, product, context);
  }
  const grid = rowGrid(split);
  return grid ? rowKernel(split, grid, context) : laneKernel(split, context);
}

/** A lane for each element that changes. */
function laneKernel(split: Split, context: EmitContext): KernelSource {
  const { pass, extents, limits: { isSoftware } } = split;
  const changed = changedRows(pass, extents.steps);
  const fixed = new Set(changed ? [symbols.row] : []);
  const all = laneAxes(pass.domain, extents, fixed);
  const workgroupsOf = (axes: readonly LaneAxis[]) => Math.ceil(laneCount(axes) / SPLIT_LANES);
  const { apart: axes, inTurn } = isSoftware
    ? turnsOf(pass, all, workgroupsOf)
    : { apart: all, inTurn: undefined };
  const lanes = laneCount(axes);
  const stores = changed ?? pass.stores;
  const thisRow = new Map(changed ? [[symbols.row, symbolIndex(symbols.time)]] : []);
  const lane = movedTo(thisRow, lanePosition(pass.domain.shape.length));
  const { lines, touches } = emitPass({ ...pass, stores }, context, { lane, inTurn });
  const body = [
    `let e = (group.y * groups.x + group.x) * ${SPLIT_LANES}u + lane;`,
    `if (e >= ${lanes}u) { return; }`,
    ...laneSymbols(axes),
    ...pass.past === "rows" ? [`if (${symbols.row.name} >= t) { return; }`] : [],
    ...lines,
  ];
  const traffic: PassTraffic = {
    touches,
    lanes,
    valuesOf: (lane) => symbolValues(axes, lane),
    owners: 1,
    runs: 1,
  };
  return kernelOf(split, body, {
    traffic: [traffic],
    workgroups: workgroupsOf(axes),
  });
}

/** A lane for each block of the results of a product. */
function blockKernel(split: Split, product: Product, context: EmitContext): KernelSource {
  const { pass } = split;
  const grid = blockGrid(product, pass.reduced.length);
  const tiles = grid.tiles[0] * grid.tiles[1];
  const { apart, inTurn } = turnsOf(pass, product.owners, (owners) => tiles * laneCount(owners));
  const { lines, touches } = emitBlock(pass, product, { grid, inTurn, context });
  const workgroups = tiles * laneCount(apart);
  const body = [
    ...tileSymbols(apart, tiles),
    ...blockSymbols(product, grid),
    ...pass.past === "rows" ? [`if (${firstRow(product, grid)} >= t) { return; }`] : [],
    ...lines,
  ];
  const traffic: PassTraffic = {
    touches,
    lanes: workgroups * BLOCK_LANES,
    valuesOf(number) {
      const [workgroup, lane] = [Math.floor(number / BLOCK_LANES), number % BLOCK_LANES];
      return new Map([
        ...symbolValues(apart, Math.floor(workgroup / tiles)),
        ...blockValues(product, grid, { lane, tile: workgroup % tiles }),
      ]);
    },
    owners: 1,
    runs: 1,
  };
  return kernelOf(split, body, { traffic: [traffic], workgroups, lanes: BLOCK_LANES });
}

/** A workgroup for each tile of the results of a product. */
function stagedKernel(split: Split, product: Product, emit: EmitContext): KernelSource {
  const { pass, memory } = split;
  const { body, size, ...kernel } = stagedProduct(pass, product, { memory, emit });
  return kernelOf(split, body, {
    ...kernel,
    workgroup: [`var<workgroup> ${TILE}: array<f32, ${size}>;`],
    workgroupBytes: 4 * size,
  });
}

/** Statements that say which tile of which owner a workgroup has. */
function tileSymbols(owners: readonly LaneAxis[], tiles: number): string[] {
  return [
    "let number = group.y * groups.x + group.x;",
    `if (number >= ${tiles * laneCount(owners)}u) { return; }`,
    `let tile = number % ${tiles}u;`,
    `let e = number / ${tiles}u;`,
    ...laneSymbols(owners),
  ];
}

/** The workgroups of a pass: one for each tile of each owner, with the statements that say which it is. */
function overTiles({ domain }: Pass, grid: Grid, extents: Extents) {
  const tiles = grid.tiles[0] * grid.tiles[1];
  const owners = laneAxes({ ...domain, shape: [] }, extents, new Set());
  return {
    workgroups: tiles * laneCount(owners),
    symbols: [...tileSymbols(owners, tiles), ...gridSymbols(grid)],
    valuesOf(lane: number): Map<string, number> {
      const number = Math.floor(lane / SPLIT_LANES);
      const owner = symbolValues(owners, Math.floor(number / tiles));
      return new Map([...owner, ...gridValues(grid, lane % SPLIT_LANES, number % tiles)]);
    },
  };
}

/** Elements that a lane visits in a sum over rows, at most: they are statements one after the other. */
const MOST_VISITS = 72;

/**
 * The grid of a pass that sums the rows of a matrix: a workgroup has all columns of some rows. A CPU does better with a
 * lane a row: it fetches lines for one lane after the other, and each part of a sum costs it a load.
 */
function rowGrid({ pass, limits: { bytes, isSoftware } }: Split): Grid | undefined {
  const visited = visitedMatrix(pass);
  if (isSoftware || visited?.sums !== "rows" || visited.shape.length !== 2) return undefined;
  const [rows, columns] = visited.shape;
  if (rows * columns < SPLIT_LANES) return undefined;
  const across = Math.min(columns, columns > 512 ? SPLIT_LANES : SPLIT_LANES / 2);
  const down = Math.min(rows, Math.floor(SPLIT_LANES / across));
  const ownColumns = Math.ceil(columns / across);
  const most = Math.min(4, Math.ceil(rows / down), Math.floor(MOST_VISITS / ownColumns));
  for (let ownRows = most; ownRows > 0; ownRows--) {
    const owned = [ownRows, ownColumns] as const;
    const grid = tiledGrid("g", visited.shape, { lanes: [down, across], owned });
    if (4 * partsSize(pass, visited, grid) <= bytes) return grid;
  }
  return undefined;
}

/** A grid of lanes for some rows, and then a lane for each of them. */
function rowKernel(
  split: Split,
  grid: Grid,
  context: EmitContext,
): KernelSource {
  const { pass, extents } = split;
  const visited = visitedMatrix(pass)!;
  const { workgroups, symbols: positions, valuesOf } = overTiles(pass, grid, extents);
  const visits = emitVisits(pass, visited, { grid, first: 0, context });
  const sums = emitSums(pass, visited, { grid, first: 0, context });
  const count = tileSide(grid, 0);
  const [rows] = visited.shape as readonly [number, number];
  const row = `let ${symbols.row.name} = e + ${originOf(grid, 0) ?? "0u"};`;
  const inside = [`if (${symbols.row.name} < ${rows}u) {`, ...indent(sums.lines), "}"];
  const body = [
    ...positions,
    lanesOf(grid) < SPLIT_LANES ? `if (lane < ${lanesOf(grid)}u) {` : "{",
    ...indent(visits.lines),
    "}",
    "workgroupBarrier();",
    ...forLanes([row, ...rows % count === 0 ? sums.lines : inside], { count, lanes: SPLIT_LANES }),
  ];
  const size = partsSize(pass, visited, grid);
  const traffic: PassTraffic[] = [
    { touches: visits.touches, lanes: workgroups * SPLIT_LANES, valuesOf, owners: 1, runs: 1 },
    {
      touches: sums.touches,
      lanes: count,
      valuesOf: (lane) => new Map([[symbols.row.name, lane]]),
      owners: workgroups,
      runs: 1,
    },
  ];
  const workgroup = [`var<workgroup> ${SCRATCHPAD}: array<f32, ${size}>;`];
  return kernelOf(split, body, {
    traffic,
    workgroups,
    barriers: 1,
    workgroup,
    workgroupBytes: 4 * size,
  });
}

/** What counts along the steps of a pass that only reads those before the one that runs. */
function pastOf({ past }: Pass): IndexSymbol | undefined {
  if (past === undefined) return undefined;
  return past === "rows" ? symbols.row : loopSymbol(0);
}

/** A kernel of these statements. */
function kernelOf(
  split: Split,
  body: readonly string[],
  { traffic, workgroups, lanes = SPLIT_LANES, barriers = 0, workgroup = [], workgroupBytes = 0 }: {
    traffic: readonly PassTraffic[];
    workgroups: number;
    /** Of a workgroup. */
    lanes?: number;
    /** That a workgroup reaches. */
    barriers?: number;
    /** Declarations of workgroup memory, and what they take. */
    workgroup?: readonly string[];
    workgroupBytes?: number;
  },
): KernelSource {
  const { memory, extents, stage, title } = split;
  const step = ["let t = step.index;", ...segmentSymbols(stage, extents)];
  const lines = ["let k = iteration.index;", ...step, ...body];
  return {
    source: kernelText(lines, {
      arenas: memory.arenas.length,
      lanes,
      title,
      workgroup,
    }),
    workgroups,
    traffic: {
      passes: traffic.map((each) => ({ ...each, past: pastOf(split.pass) })),
      barriers,
      workgroupBytes,
      registers: mostLive(body),
      turns: loopTurns(body),
    },
  };
}
