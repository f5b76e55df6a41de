/**
 * Prints a product of matrices for a GPU. A workgroup makes a tile of the results: its lanes load parts of both
 * matrices into workgroup memory, neighbours along memory, and multiply them from there, each lane a square of
 * results. Then the parts of every sum are added up, in a fixed order, by the lane that stores it.
 */
import type { Node } from "../../program/node.ts";
import { lanePosition, symbolOf } from "../../schedule/index.ts";
import type { Pass } from "../../schedule/pass.ts";
import { axisIndices } from "../memory_plan.ts";
import type { LaneText } from "./emit_visits.ts";
import { createExpressions } from "./expressions.ts";
import { forLanes, indent } from "./kernel_text.ts";
import { laneCount, laneSymbols, symbolValues } from "./lane_axes.ts";
import { createLaneWriter } from "./lane_writer.ts";
import type { Product } from "./product.ts";
import {
  factorsOf,
  placeFactors,
  type Staged,
  stagedValues,
  type StagingContext,
  stagingText,
  TILE,
} from "./staged_matrices.ts";
import { total } from "./sums.ts";
import {
  lanesOfTile,
  SIDE,
  sizeOfTile,
  strideOf,
  type TileShape,
  tileShape,
} from "./tile_shape.ts";
import type { PassTraffic } from "./traffic.ts";

/** A kernel of one pass, without what is around its statements. */
export interface StagedProduct {
  readonly body: readonly string[];
  readonly traffic: readonly PassTraffic[];
  readonly workgroups: number;
  readonly lanes: number;
  readonly barriers: number;
  /** Words of workgroup memory. */
  readonly size: number;
}

/** The left and the right matrix of each sum, in workgroup memory. */
type Operands = ReadonlyMap<Node, readonly [left: Staged, right: Staged]>;

/** The kernel of a product. */
export function stagedProduct(
  pass: Pass,
  product: Product,
  { memory, emit }: Pick<StagingContext, "memory" | "emit">,
): StagedProduct {
  const { rows, columns, loops, owners } = product;
  const factors = factorsOf(pass, product, { memory, emit });
  const left = factors.all.filter(({ isLeft }) => isLeft).length;
  const matrices = { left, right: factors.all.length - left, sums: pass.reduced.length };
  const [down, across, depth] = [laneCount(rows), laneCount(columns), laneCount(loops)];
  const sides = {
    rows: down,
    columns: across,
    group: Math.max(1, ...factors.all.filter(({ isLeft }) => !isLeft).map(({ group }) => group)),
    depth,
    owners: laneCount(owners),
    isAlongDepth: factors.all.every(({ isLeft, group }) => !isLeft || group === 1),
  };
  const shape = tileShape(sides, matrices);
  const context = { pass, product, shape, memory, emit };
  const placed = placeFactors(factors, shape);
  const operands: Operands = new Map(
    [...factors.of].map(([sum, [left, right]]) =>
      [sum, [placed.get(left)!, placed.get(right)!]] as const
    ),
  );
  const staging = stagingText([...placed.values()], context);
  const results = resultText(context);
  const lanes = lanesOfTile(shape);
  const tiles = [Math.ceil(down / shape.rows), Math.ceil(across / shape.across)] as const;
  const ofOwner = tiles[0] * tiles[1];
  const workgroups = ofOwner * laneCount(owners);
  /** The owner of a workgroup, and its first row and column. */
  const tileOf = (number: number) => ({
    owner: symbolValues(owners, Math.floor(number / ofOwner)),
    row: Math.floor(number % ofOwner / tiles[1]) * shape.rows,
    column: number % tiles[1] * shape.across,
  });
  return {
    body: [
      "let number = group.y * groups.x + group.x;",
      `if (number >= ${workgroups}u) { return; }`,
      `let e = number / ${ofOwner}u;`,
      ...laneSymbols(owners),
      `let row0 = number / ${tiles[1]}u % ${tiles[0]}u * ${shape.rows}u;`,
      `let column0 = number % ${tiles[1]}u * ${shape.across}u;`,
      ...pass.past === "rows" ? [`if (row0 / ${laneCount(rows.slice(1))}u >= t) { return; }`] : [],
      ...staging.lines,
      ...multiplyText(operands, { shape, depth, staging: staging.visit }),
      ...results.lines,
    ],
    traffic: [
      {
        touches: staging.touches,
        lanes: workgroups * lanes,
        valuesOf(lane) {
          const { owner, row, column } = tileOf(Math.floor(lane / lanes));
          const own = { lane: lane % lanes, row, column };
          return new Map([...owner, ...stagedValues([...placed.values()], context, own)]);
        },
        owners: 1,
        runs: 1,
      },
      {
        touches: results.touches,
        lanes: workgroups * shape.rows * shape.across,
        valuesOf(lane) {
          const { owner, row, column } = tileOf(Math.floor(lane / shape.rows / shape.across));
          const [x, y] = results.elementOf(lane % (shape.rows * shape.across));
          return new Map([
            ...owner,
            ...symbolValues(rows, Math.min(row + x, down - 1)),
            ...symbolValues(columns, Math.min(column + y, across - 1)),
          ]);
        },
        owners: 1,
        runs: 1,
      },
    ],
    workgroups,
    lanes,
    barriers: 2 * Math.ceil(depth / shape.depth) + 1,
    size: sizeOfTile(shape, matrices),
  };
}

/** What a lane multiplies: from loading both matrices to the parts of the sums in workgroup memory. */
function multiplyText(
  operands: Operands,
  { shape, depth, staging }: { shape: TileShape; depth: number; staging: readonly string[] },
): string[] {
  const sides = Array.from({ length: SIDE }, (_, index) => index);
  const across = shape.columns / SIDE;
  const nameOf = (sum: Node, row: number) => `s${sum.id}_${row}`;
  const vectors = [...operands].flatMap(([sum]) =>
    sides.map((row) => `var ${nameOf(sum, row)} = vec4f();`)
  );
  const matrices = new Set([...operands.values()].flat());
  const multiply = (k: string) => [
    "{",
    ...indent([
      ...[...matrices].flatMap(({ name, first, stride, isLeft }) => [
        `let ${name}_at = ${first}u + ${k} * ${stride}u + ${isLeft ? "down" : "across"};`,
        `let ${name} = vec4f(${sides.map((side) => `${TILE}[${name}_at + ${side}u]`).join(", ")});`,
      ]),
      ...[...operands].flatMap(([sum, [left, right]]) =>
        sides.map((row) =>
          `${nameOf(sum, row)} = fma(vec4f(${left.name}[${row}]), ${right.name}, ${
            nameOf(sum, row)
          });`
        )
      ),
    ]),
    "}",
  ];
  const { parts } = shape;
  const turn = Array.from({ length: Math.min(SIDE, shape.depth / parts) }, (_, index) => index);
  const body = [
    ...staging,
    "workgroupBarrier();",
    `for (var q = 0u; q < ${shape.depth}u; q += ${parts * turn.length}u) {`,
    ...turn.flatMap((index) => indent(multiply(`(q + ${index * parts}u + part)`))),
    "}",
    "workgroupBarrier();",
  ];
  const left = [...operands.keys()].flatMap((sum, index) =>
    sides.flatMap((row) => {
      const line = `(${index * parts}u + part) * ${shape.rows}u + down + ${row}u`;
      const first = `(${line}) * ${strideOf(shape.columns)}u + across`;
      return sides.map((side) => `${TILE}[${first} + ${side}u] = ${nameOf(sum, row)}[${side}];`);
    })
  );
  return [
    `let across = lane % ${across}u * ${SIDE}u;`,
    `let down = lane / ${across}u % ${shape.rows / SIDE}u * ${SIDE}u;`,
    `let part = lane / ${across * shape.rows / SIDE}u;`,
    ...vectors,
    ...depth > shape.depth
      ? [`for (var k0 = 0u; k0 < ${depth}u; k0 += ${shape.depth}u) {`, ...indent(body), "}"]
      : ["let k0 = 0u;", ...body],
    ...left,
    "workgroupBarrier();",
  ];
}

/** What a lane a result does with the parts of its sums. */
function resultText(
  { pass, product: { rows, columns }, shape, memory, emit }: StagingContext,
): LaneText & { elementOf(lane: number): readonly [row: number, column: number] } {
  const position = lanePosition(pass.domain.shape.length);
  const writer = createLaneWriter(emit.elements);
  const expressions = createExpressions(writer, pass, emit);
  const stride = strideOf(shape.columns);
  pass.reduced.forEach((node, index) => {
    const texts = Array.from({ length: shape.parts }, (_, part) => {
      const first = (index * shape.parts + part) * shape.rows;
      return `${TILE}[(${first}u + x) * ${stride}u + y]`;
    });
    writer.push(`let s${node.id} = ${total(node, texts)};`);
    expressions.define(node, `s${node.id}`);
  });
  for (const node of pass.locals) expressions.define(node, expressions.value(node, position));
  const stores = pass.stores.map(({ value, to }) => ({
    to,
    text: expressions.value(value, position),
  }));
  for (const { to, text } of stores) writer.store(to, position, { text });
  // Neighbouring lanes store neighbours.
  const inner = memory.stridesOf(pass.stores[0]!.to).find(({ stride }) => stride === 1);
  const symbol = inner && symbolOf(axisIndices(position)[inner.axis]!);
  const isAlongRows = rows.some((axis) => axis.symbol === symbol);
  const [x, y] = isAlongRows
    ? [`e % ${shape.rows}u`, `e / ${shape.rows}u`]
    : [`e / ${shape.across}u`, `e % ${shape.across}u`];
  const lines = [
    `let x = ${x};`,
    `let y = ${y};`,
    `if (row0 + x < ${laneCount(rows)}u && column0 + y < ${laneCount(columns)}u) {`,
    ...indent([
      "let row = row0 + x;",
      "let column = column0 + y;",
      ...laneSymbols(rows, { number: "row" }),
      ...laneSymbols(columns, { number: "column" }),
      ...writer.lines,
    ]),
    "}",
  ];
  return {
    lines: forLanes(lines, { count: shape.rows * shape.across, lanes: lanesOfTile(shape) }),
    touches: writer.touches,
    elementOf: (e) =>
      isAlongRows
        ? [e % shape.rows, Math.floor(e / shape.rows)]
        : [Math.floor(e / shape.across), e % shape.across],
  };
}
