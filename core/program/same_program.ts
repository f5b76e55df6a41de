/** Whether two programs have the same memory and stages, whatever the first values are. */
import { sameShape, type Shape } from "../axes.ts";
import { type Node, operationKey, type Slot } from "./node.ts";
import type { Program, Stage } from "./program.ts";

/**
 * Whether two programs differ in first values at most. Names count, and so does the order of stages
 * and slots. One program can then train replicas of both: see `sideBySide`.
 *
 * @example
 * if (sameProgram(slow, fast)) program = sideBySide(slow, [slow.initial, fast.initial]);
 */
export function sameProgram(a: Program, b: Program): boolean {
  return sameRecord(a.extents, b.extents) &&
    sameOutput(a.output, b.output) &&
    sameMap(a.slots, b.slots, sameSlot) &&
    sameMap(a.metrics, b.metrics, (names, others) => names.join() === others.join()) &&
    sameMap(a.procedures, b.procedures, (stages, others) => sameList(stages, others, sameStage));
}

function sameStage(a: Stage, b: Stage): boolean {
  const sequences = ({ stores }: Stage) => stores[0]!.value.graph.sequences;
  return a.name === b.name && a.loop === b.loop && a.segments === b.segments &&
    sequences(a) === sequences(b) &&
    sameList(a.stores, b.stores, ({ slot }, store) => slot.name === store.slot.name) &&
    sameNodes(a.stores.map(({ value }) => value), b.stores.map(({ value }) => value));
}

/** Equal nodes of a graph are one node, so every node has one partner at most. */
function sameNodes(roots: readonly Node[], others: readonly Node[]): boolean {
  const partners = new Map<Node, Node>();
  const pairs = roots.map((root, index) => [root, others[index]!] as const);
  for (let pair = pairs.pop(); pair; pair = pairs.pop()) {
    const [node, other] = pair;
    const partner = partners.get(node);
    if (partner === other) continue;
    const isSame = partner === undefined && sameShape(node.shape, other.shape) &&
      node.inputs.length === other.inputs.length &&
      operationKey(node.operation) === operationKey(other.operation);
    if (!isSame) return false;
    partners.set(node, other);
    node.inputs.forEach((input, index) => pairs.push([input, other.inputs[index]!]));
  }
  return true;
}

const sameSlot = ({ shape, ...a }: Slot, { shape: other, ...b }: Slot): boolean =>
  sameShape(shape, other) && sameRecord(a, b);

const sameOutput = (a: Shape | undefined, b: Shape | undefined): boolean =>
  a === undefined || b === undefined ? a === b : sameShape(a, b);

function sameRecord(a: object, b: object): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => Reflect.get(a, key) === Reflect.get(b, key));
}

const sameMap = <T>(
  a: ReadonlyMap<string, T>,
  b: ReadonlyMap<string, T>,
  same: (a: T, b: T) => boolean,
): boolean =>
  sameList(
    [...a],
    [...b],
    ([key, value], [otherKey, other]) => key === otherKey && same(value, other),
  );

const sameList = <T>(a: readonly T[], b: readonly T[], same: (a: T, b: T) => boolean): boolean =>
  a.length === b.length && a.every((item, index) => same(item, b[index]!));
