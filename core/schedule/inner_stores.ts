/**
 * Finds matrices that can be stored inside the loop of a reduction. The loop reads the element anyway,
 * and writes the new one in the same visit. Each step then reads and writes the matrix once.
 */
import { sameShape } from "../axes.ts";
import type { Node, Slot } from "../program/node.ts";
import type { Store } from "../program/program.ts";
import { type Access, accessesOf } from "./accesses.ts";
import type { PassBuilder, Reading } from "./pass_builder.ts";

interface Context {
  readonly readings: readonly Reading[];
  readonly rootSet: ReadonlySet<Node>;
  readonly passOf: ReadonlyMap<Node, PassBuilder>;
}

/** A store whose value no pass computes, the reads of its expression, and the pass that could store it. */
interface Candidate {
  readonly store: Store;
  readonly accesses: readonly Access[];
  readonly pass: PassBuilder;
}

/** The slots that an expression reads, and whether each is read at the lane's own element. */
function loadsOf(accesses: readonly Access[]): { slot: Slot; sameLane: boolean }[] {
  return accesses.flatMap(({ node: { operation }, sameLane }) =>
    operation.op === "load" ? [{ slot: operation.slot, sameLane }] : []
  );
}

const visitsElements = ({ reduction, domain }: PassBuilder, slot: Slot): boolean =>
  reduction !== undefined && reduction.axes.length === 1 &&
  (reduction.axes[0] === "pre" || reduction.axes[0] === "post") &&
  sameShape(reduction.operand, slot.shape) && domain.hasBatchAxis === slot.hasBatchAxis;

/** The pass whose loop could store the value, so far as its operands and the readers of its slot allow. */
function passFor(store: Store, { readings, rootSet, passOf }: Context): Candidate | undefined {
  const { slot, value } = store;
  if (value.hasBatchAxis !== slot.hasBatchAxis) return undefined;
  const accesses = accessesOf(value, rootSet, { whole: true });
  const lastOperandLevel = Math.max(
    -1,
    ...accesses.map(({ node }) => passOf.get(node)?.level ?? -1),
  );
  const touched = new Set([slot, ...loadsOf(accesses).map(({ slot }) => slot)]);
  const readers = readings.filter((reading) => reading.slot === slot);
  const passes = new Set(
    readings.filter((reading) => touched.has(reading.slot) && reading.sameElement)
      .map(({ pass }) => pass),
  );
  const fits = [...passes].filter((pass) =>
    visitsElements(pass, slot) && pass.level > lastOperandLevel &&
    readers.every((reading) =>
      reading.pass === pass ? reading.sameElement : reading.pass.level < pass.level
    )
  );
  const [pass] = fits.toSorted((a, b) => b.level - a.level);
  const inPlace = loadsOf(accesses).every((load) => load.slot !== slot || load.sameLane);
  return pass && inPlace ? { store, accesses, pass } : undefined;
}

/**
 * The stores that move into the loop of a pass, in the order in which a visit makes them: a store that
 * reads a slot comes before the one that overwrites it.
 */
export function innerStoresOf(stores: readonly Store[], context: Context): Map<Store, PassBuilder> {
  const { rootSet, passOf } = context;
  const others = stores.filter(({ value }) => !passOf.has(value));
  let chosen = others.flatMap((store) => passFor(store, context) ?? []);
  const chosenFor = (slot: Slot) => chosen.find(({ store }) => store.slot === slot);

  /** Whether a value is computed before a slot that it reads is overwritten by `writer`. */
  const before = (reader: Candidate, slot: Slot, writer: Candidate): boolean =>
    reader.pass.level < writer.pass.level ||
    reader.pass === writer.pass &&
      loadsOf(reader.accesses).every((load) => load.slot !== slot || load.sameLane);
  /** Whether everything that reads the slot of a candidate has read it by then. */
  const isSafe = (writer: Candidate): boolean =>
    others.every((store) => {
      const { slot } = writer.store;
      if (store === writer.store) return true;
      const loads = loadsOf(accessesOf(store.value, rootSet, { whole: true }));
      if (!loads.some((load) => load.slot === slot)) return true;
      const reader = chosenFor(store.slot);
      return reader !== undefined && before(reader, slot, writer);
    });
  for (;;) {
    const safe = chosen.filter(isSafe);
    const ordered = inOrder(safe);
    if (ordered.length === chosen.length) {
      return new Map(ordered.map(({ store, pass }) => [store, pass]));
    }
    chosen = ordered;
  }
}

/** Orders readers before writers; drops candidates that would have to be both. */
function inOrder(candidates: readonly Candidate[]): Candidate[] {
  const ordered: Candidate[] = [];
  const waiting = [...candidates];
  while (waiting.length > 0) {
    const next = waiting.findIndex(({ store, pass }) =>
      waiting.every((other) =>
        other.store === store || other.pass !== pass ||
        !loadsOf(other.accesses).some(({ slot }) => slot === store.slot)
      )
    );
    if (next < 0) {
      waiting.pop();
      continue;
    }
    ordered.push(...waiting.splice(next, 1));
  }
  return ordered;
}
