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
  type Portion,
  reducedMatrix,
  visitOf,
} from "./layout.ts";
import type { Region } from "./scratchpad.ts";
import type { Round } from "./sequence_rounds.ts";
import type { PassTraffic } from "./traffic.ts";

/** Statements that run without a barrier. */
export interface Unit {
  /** What they do, or a part of it; undefined: they only copy. */
  readonly pass: Pass | undefined;
  readonly lines: readonly string[];
  readonly traffic: Omit<PassTraffic, "owners" | "runs">;
  /** The parts of sums that it writes or reads. */
  readonly parts: Region & { readonly kind: "store" | "load" } | undefined;
  /** Words of workgroup memory that parts of sums take while it runs. */
  readonly words: number;
}

type Statements = Omit<Unit, "pass" | "words">;

/** The units of a stage, in order. */
export const unitsOf = (layout: Layout, context: EmitContext): Unit[] =>
  layout.groups.flatMap((group) =>
    batchesOf(sumsFirst(group), layout).flatMap((batch) => unitsOfBatch(batch, layout, context))
  );

/** The same passes; those that sum over sequences come first: the vectors that they read may then make room for others. */
const sumsFirst = (group: readonly Pass[]): Pass[] =>
  group.toSorted((a, b) => Number(a.domain.hasBatchAxis) - Number(b.domain.hasBatchAxis));

/** Units of portions whose parts of sums fit together: first all visits, then what becomes of them. */
function unitsOfBatch(batch: readonly Portion[], layout: Layout, context: EmitContext): Unit[] {
  let first = 0;
  const visits: Omit<Unit, "words">[] = [];
  const others: Omit<Unit, "words">[] = [];
  for (const { pass, round, parts } of batch) {
    const { visited, grid } = visitOf(pass, layout);
    if (!visited) {
      others.push({ pass, ...statementsWithoutVisits(pass, layout, context) });
      continue;
    }
    const options = { grid, first, round, context };
    const visit = { pass, ...ofGrid(emitVisits(pass, visited, options), grid, layout) };
    const region = { from: first, to: first + parts };
    visits.push(visited.sums ? { ...visit, parts: { kind: "store", ...region } } : visit);
    first += parts;
    if (!visited.sums) continue;
    const sums = ofLanes(pass, layout, emitSums(pass, visited, options), round);
    others.push({ pass, ...sums, parts: { kind: "load", ...region } });
  }
  return [...visits, ...others].map((unit) => ({ ...unit, words: first }));
}

/** A pass that needs no grid for what it visits. */
function statementsWithoutVisits(
  pass: Pass,
  layout: Layout,
  context: EmitContext,
): Statements {
  if (isOfSequence(pass, layout)) return ofSequence(layout, emitOwnSequence(pass, context));
  const reduced = reducedMatrix(pass, layout);
  if (!reduced) return ofLanes(pass, layout, emitPass(pass, context));
  const grid = layout.grids.get(describeShape(pass.domain.shape))!;
  const isLoop = pass.domain.hasBatchAxis || isLooped(grid, layout) ||
    reduced.axes.some((axis) => axis !== "sequence");
  const text = emitProducts(pass, reduced, { grid, isLoop, context });
  return ofGrid(text, grid, layout);
}

/** A pass with a lane for each element of its domain; of a round, for each in its sequences. */
function ofLanes(
  { domain }: Pass,
  { extents, fixed, lanes }: Layout,
  { lines, touches }: LaneText,
  round: Omit<Round, "isLoop"> = { from: 0, to: extents.sequences },
): Statements {
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
function ofSequence(
  { extents: { sequences }, lanes }: Layout,
  { lines, touches }: LaneText,
): Statements {
  const { name } = symbols.sequence;
  return {
    lines: forLanes([`let ${name} = lane;`, ...lines], { count: sequences, lanes }),
    traffic: { touches, lanes: sequences, valuesOf: (lane) => new Map([[name, lane]]) },
    parts: undefined,
  };
}

/** A pass of which every lane of a grid visits the elements that it owns. */
function ofGrid({ lines, touches }: LaneText, grid: Grid, { lanes }: Layout): Statements {
  const count = lanesOf(grid);
  return {
    lines: [...count < lanes ? [`if (lane < ${count}u) {`] : ["{"], ...indent(lines), "}"],
    traffic: { touches, lanes: count, valuesOf: (lane) => gridValues(grid, lane) },
    parts: undefined,
  };
}
