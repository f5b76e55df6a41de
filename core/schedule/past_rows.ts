/**
 * Matrices with a row for each step of which only the rows of earlier steps count, since a condition says so:
 *
 *   where(column(less(iota, stepIndex)), rows, 0)
 *
 * What is made of such a matrix row by row has the same rows of zeros, up to NaN. A sum over its rows may end
 * before the step, and rows that only such sums read need not be made.
 */
import type { Node } from "../program/node.ts";
import { isElementwise } from "../program/operations.ts";
import type { Pass, PastRows } from "./pass.ts";

/**
 * The passes of a stage of which only rows of earlier steps count.
 *
 * @param materialized the values that have memory or a register.
 */
export function pastRows(
  passes: readonly Pass[],
  materialized: ReadonlySet<Node>,
): Map<Pass, PastRows> {
  const isPast = pastTest();
  const ending = new Set(
    passes.filter(({ reduced, innerStores }) =>
      reduced.length > 0 && innerStores.length === 0 &&
      reduced.every((sum) =>
        isSumOver("post", sum) && sum.inputs[0]!.shape.length === 2 && isPast(sum.inputs[0]!)
      )
    ),
  );
  let skipping = new Set(
    passes.filter(({ reduced, locals, innerStores, stores }) =>
      stores.length > 0 && innerStores.length === 0 && [...reduced, ...locals].every(isPast) &&
      stores.every(({ value, to }) => "temporary" in to && isPast(value))
    ),
  );
  /** Whether a pass reads other rows of these values than those of earlier steps. */
  function readsOthers(reader: Pass, made: ReadonlySet<Node>): boolean {
    const { reduced, locals, innerStores, stores } = reader;
    const roots = new Set([...reduced, ...locals]);
    const stored = [...innerStores, ...stores].map(({ value }) => value);
    const context = { made, materialized };
    const all = [...roots, ...stored.filter((value) => !roots.has(value))];
    return all.some((root) => {
      const isInLoop = ending.has(reader) && reduced.includes(root);
      if (isInLoop) return reads(root.inputs[0]!, true, context);
      return readsOfInputs(root, skipping.has(reader), context);
    });
  }
  for (;;) {
    const still = new Set([...skipping].filter(({ stores }) => {
      const made = new Set(stores.map(({ value }) => value));
      return passes.every((reader) => !readsOthers(reader, made));
    }));
    if (still.size === skipping.size) break;
    skipping = still;
  }
  return new Map([
    ...[...skipping].map((pass) => [pass, "rows"] as const),
    ...[...ending].map((pass) => [pass, "loop"] as const),
  ]);
}

const isSumOver = (axis: "post" | "pre", { operation }: Node): boolean =>
  operation.op === "reduce" && operation.kind === "sum" && operation.axes.join() === axis;

interface Reading {
  readonly made: ReadonlySet<Node>;
  readonly materialized: ReadonlySet<Node>;
}

/** Whether an expression reads one of some values at other rows than its own; `isRow`: its own are of earlier steps. */
function reads(node: Node, isRow: boolean, context: Reading): boolean {
  if (context.made.has(node)) return !isRow;
  return !context.materialized.has(node) && readsOfInputs(node, isRow, context);
}

const readsOfInputs = (node: Node, isRow: boolean, context: Reading): boolean =>
  node.inputs.some((input, index) => reads(input, isRow && keepsRows(node, index), context));

/** Whether a row of a value is made of the same row of an input. */
function keepsRows({ operation, inputs, shape }: Node, index: number): boolean {
  if (operation.op === "matmul") return index === 0;
  if (operation.op === "reduce") return operation.axes.join() === "pre";
  if (operation.op === "reshape" || operation.op === "broadcast") {
    return inputs[0]!.shape[0] === shape[0];
  }
  return isElementwise(operation.op) || operation.op === "perSequence";
}

/** Makes the test of whether rows of this step and later ones are 0. */
function pastTest(): (node: Node) => boolean {
  const known = new Map<Node, boolean>();
  const isPast = (node: Node): boolean => {
    const earlier = known.get(node);
    if (earlier !== undefined) return earlier;
    const result = test(node);
    known.set(node, result);
    return result;
  };
  const test = ({ operation, inputs, shape }: Node): boolean => {
    switch (operation.op) {
      case "where":
        return isRowCondition("less", inputs[0]!) && isZero(inputs[2]!);
      case "multiply":
        return inputs.some(isPast);
      case "matmul":
        return isPast(inputs[0]!);
      case "reduce":
        return operation.axes.join() === "pre" && isPast(inputs[0]!);
      case "reshape":
      case "broadcast":
        return inputs[0]!.shape.length > 0 && inputs[0]!.shape[0] === shape[0] &&
          isPast(inputs[0]!);
      case "perSequence":
        return isPast(inputs[0]!);
      default:
        return false;
    }
  };
  return isPast;
}

const isZero = ({ operation, inputs }: Node): boolean =>
  operation.op === "constant"
    ? operation.value === 0
    : operation.op === "broadcast" && isZero(inputs[0]!);

/** Whether a condition holds in the rows before that of this step, or in that row alone. */
function isRowCondition(op: "less" | "equal", { operation, inputs, shape }: Node): boolean {
  switch (operation.op) {
    case "reshape":
    case "broadcast":
      return inputs[0]!.shape[0] === shape[0] && isRowCondition(op, inputs[0]!);
    case "perSequence":
      return isRowCondition(op, inputs[0]!);
    case op:
      return shape.length === 1 && inputs[0]!.operation.op === "iota" && isStep(inputs[1]!);
    default:
      return false;
  }
}

const isStep = ({ operation, inputs }: Node): boolean =>
  operation.op === "step" || operation.op === "broadcast" && isStep(inputs[0]!);

/**
 * What a pass changes if that is the row of this step alone: `where(column(equal(iota, stepIndex)), row, matrix)`.
 *
 * @param steps how many steps there are: each must have a row.
 */
export function changedRows(
  { domain, reduced, locals, innerStores, stores }: Pass,
  steps: number,
): Pass["stores"] | undefined {
  if (reduced.length + locals.length + innerStores.length > 0) return undefined;
  const changed = stores.flatMap(({ value, to }) => {
    const [condition, row, matrix] = value.inputs;
    const isKept = value.operation.op === "where" && "slot" in to &&
      matrix!.operation.op === "load" && matrix!.operation.slot === to.slot;
    return isKept && isRowCondition("equal", condition!) ? [{ value: row!, to }] : [];
  });
  const areAll = changed.length > 0 && changed.length === stores.length;
  return areAll && domain.shape[0]! >= steps ? changed : undefined;
}
