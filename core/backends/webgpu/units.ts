/** The passes of a stage as units of a fused kernel: statements between which lanes may have to wait. */
import { describeShape } from "../../axes.ts";
import { symbols } from "../../schedule/index.ts";
import type { Pass } from "../../schedule/pass.ts";
import { emitPass } from "./emit_pass.ts";
import { emitOwnSequence } from "./emit_own_sequence.ts";
import { emitProducts } from "./emit_products.ts";
import { emitSums, emitVisits, type LaneText } from "./emit_visits.ts";
import type { EmitContext } from "./expressions.ts";
import { type Grid, gridValues, lanesOf } from "./grid.ts";
import { laneAxes, laneCount, laneSymbols, symbolValues } from "./lane_axes.ts";
import { forLanes, indent } from "./kernel_text.ts";
import {
  batchesOf,
  isLooped,
  isOfSequence,
  type Layout,
  partsOfAll,
  reducedMatrix,
  visitOf,
} from "./layout.ts";
import type { Round } from "./sequence_rounds.ts";
import type { PassTraffic } from "./traffic.ts";

/** Statements that run without a barrier. */
export interface Unit {
  readonly lines: readonly string[];
  readonly traffic: Omit<PassTraffic, "owners" | "runs">;
  /** Whether it writes or reads the parts of sums. */
  readonly parts: "store" | "load" | undefined;
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
    const others = batch.flatMap(({ pass, round, parts }): Unit[] => {
      const { visited, grid } = visitOf(pass, layout);
      if (!visited) return [unitWithoutVisits(pass, layout, context)];
      const options = { grid, first, round, context };
      visits.push(gridUnit(emitVisits(pass, visited, options), {
        grid,
        lanes: layout.lanes,
        parts: visited.sums && "store",
      }));
      if (!visited.sums) return [];
      const sums = laneUnit(pass, layout, emitSums(pass, visited, options), round);
      first += parts;
      return [{ ...sums, parts: "load" }];
    });
    return [...visits, ...others];
  });
  return { units, parts: Math.max(0, ...batches.map(partsOfAll)) };
}

/** A pass that needs no grid for what it visits. */
function unitWithoutVisits(pass: Pass, layout: Layout, context: EmitContext): Unit {
  if (isOfSequence(pass, layout)) return sequenceUnit(layout, emitOwnSequence(pass, context));
  const reduced = reducedMatrix(pass, layout);
  if (!reduced) return laneUnit(pass, layout, emitPass(pass, context));
  const grid = layout.grids.get(describeShape(pass.domain.shape))!;
  const isLoop = pass.domain.hasBatchAxis || isLooped(grid, layout) ||
    reduced.axes.some((axis) => axis !== "sequence");
  const text = emitProducts(pass, reduced, { grid, isLoop, context });
  return gridUnit(text, { grid, lanes: layout.lanes, parts: undefined });
}

/** A pass with a lane for each element of its domain; of a round, for each in its sequences. */
function laneUnit(
  { domain }: Pass,
  { extents, fixed, lanes }: Layout,
  { lines, touches }: LaneText,
  round: Pick<Round, "from" | "to"> = { from: 0, to: extents.sequences },
): Unit {
  const axes = laneAxes(domain, extents, fixed);
  const ofSequence = laneCount(axes.filter(({ symbol }) => symbol !== symbols.sequence));
  const isRound = ofSequence < laneCount(axes);
  const first = isRound ? round.from * ofSequence : 0;
  const count = isRound ? (round.to - round.from) * ofSequence : ofSequence;
  return {
    lines: forLanes([...laneSymbols(axes), ...lines], { first, count, lanes }),
    traffic: { touches, lanes: count, valuesOf: (lane) => symbolValues(axes, first + lane) },
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
