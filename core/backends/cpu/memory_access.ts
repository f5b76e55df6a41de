/** Prints loads and stores of elements, one or four at a time. */
import { type IndexSymbol, type Position, shifted } from "../../schedule/index.ts";
import type { Place } from "../../schedule/pass.ts";
import { axisIndices, type MemoryPlan } from "../memory_plan.ts";
import { type Binding, type FunctionWriter, inLanes, THREAD } from "./function_writer.ts";
import { atMost, type Bytes, isInside, proveInside } from "./prove_address.ts";
import { hasLanes, linear, symbolText } from "./index_text.ts";

/** What addresses are made of, and proved against. */
export interface AddressContext {
  readonly memory: MemoryPlan;
  /** First byte of the arena. */
  readonly arenaBase: number;
  /** Bytes of all memory. */
  readonly end: number;
  readonly threads: number;
}

/** Loads and stores of a pass. */
export interface MemoryAccess {
  /** An element, or four neighbours if the position has lanes. */
  load(place: Place, position: Position): Binding;
  store(place: Place, position: Position, binding: Binding): void;
}

const nameOf = (place: Place): string =>
  "slot" in place ? `slot "${place.slot.name}"` : place.temporary.name;

/** One term of an address: symbol times bytes. */
interface Term {
  readonly symbol: IndexSymbol;
  readonly bytes: number;
  /** Depth of the loop in which the symbol changes. */
  readonly level: number;
}

/** Makes the loads and stores of a pass; they add their statements to a function. */
export function createMemoryAccess(
  writer: FunctionWriter,
  context: AddressContext,
): MemoryAccess {
  /**
   * An instruction and its address, without the closing bracket. A store stays in its place. A load may reach beyond,
   * where lanes stand for rows that a matrix does not have or for another part of a concatenation: what it reads
   * there is not used. Where that may be outside of memory, it reads the end of memory instead.
   */
  function instructionText(
    instruction: `${"f32" | "v128"}.${"load" | "store"}`,
    place: Place,
    position: Position,
  ): { text: string; level: number } {
    const { terms, offset } = termsOf(place, position, { context, writer });
    const most = terms.reduce((sum, { symbol, bytes }) => sum + bytes * mostOf(symbol), offset);
    const bytes = instruction.startsWith("v128") ? 16 : 4;
    const reached = { from: offset, to: most + bytes };
    const { text, level } = sumOf(terms, writer) ?? { text: "(i32.const 0)", level: 0 };
    if (instruction.endsWith("store")) proveInside(nameOf(place), reached, bytesOf(place));
    else if (!isInside(reached, { from: 0, to: context.end })) {
      const address = writer.bind(`(i32.add ${text} (i32.const ${offset}))`, "i32", level);
      return { text: `(${instruction} ${atMost(address.text, context.end - bytes)}`, level };
    }
    return { text: `(${instruction} offset=${offset} ${text}`, level };
  }

  const mostOf = (symbol: IndexSymbol) =>
    symbol === THREAD ? context.threads - 1 : writer.mostOf(symbol);

  function bytesOf(place: Place): Bytes {
    const { memory, arenaBase } = context;
    const { offset, size } = memory.regionOf(place);
    const from = arenaBase + 4 * offset;
    return { from, to: from + 4 * size };
  }

  function load(place: Place, position: Position): Binding {
    const { element } = position;
    if (!element.some(hasLanes)) {
      const { text, level } = instructionText("f32.load", place, position);
      return writer.bind(text + ")", "f32", level);
    }
    if (hasLanes(element.at(-1)) && !element.slice(0, -1).some(hasLanes)) {
      const { text, level } = instructionText("v128.load", place, position);
      return writer.bind(text + ")", "v128", level);
    }
    // The four elements are a row apart each: they are loaded one by one.
    const parts = [0, 1, 2, 3].map((lane) => {
      const moved = element.map((index) => hasLanes(index) ? shifted(index, lane) : index);
      return instructionText("f32.load", place, { ...position, element: moved });
    });
    const joined = joinLanes(parts.map(({ text }) => text + ")"));
    return writer.bind(joined, "v128", parts[0]!.level);
  }

  return {
    load,
    store(place, position, binding) {
      const wide = position.element.some(hasLanes);
      const { text } = instructionText(wide ? "v128.store" : "f32.store", place, position);
      writer.push(`${text} ${(wide ? inLanes(binding, writer) : binding).text})`);
    },
  };
}

/** The sum of terms in a local. The part that an outer loop knows is added there, once. */
function sumOf(terms: readonly Term[], writer: FunctionWriter): Binding | undefined {
  let sum: Binding | undefined;
  let key = "address";
  for (const { symbol, bytes, level } of terms) {
    key += ` ${symbol.name}*${bytes}`;
    const earlier = writer.recall(key);
    if (earlier) {
      sum = earlier;
      continue;
    }
    const term = `(i32.mul ${symbolText(symbol)} (i32.const ${bytes}))`;
    sum = writer.bind(sum ? `(i32.add ${sum.text} ${term})` : term, "i32", level);
    writer.remember(key, sum);
  }
  return sum;
}

/** The byte address of an element: terms, those of outer loops first, and a constant offset. */
function termsOf(
  place: Place,
  position: Position,
  { context: { memory, arenaBase }, writer }: { context: AddressContext; writer: FunctionWriter },
): { terms: Term[]; offset: number } {
  const indices = axisIndices(position);
  const region = memory.regionOf(place);
  let offset = arenaBase + region.offset * 4;
  const terms: Term[] = [];
  if (region.threadStride) {
    terms.push({ symbol: THREAD, bytes: region.threadStride * 4, level: 0 });
  }
  for (const { axis, stride } of memory.stridesOf(place)) {
    const { symbol, offset: constant } = linear(indices[axis]!);
    offset += constant * stride * 4;
    if (symbol) terms.push({ symbol, bytes: stride * 4, level: writer.levelOf(symbol) });
  }
  return { terms: terms.sort((a, b) => a.level - b.level), offset };
}

/** Four numbers as one vector. */
function joinLanes([first, ...rest]: readonly string[]): string {
  return rest.reduce(
    (vector, part, lane) => `(f32x4.replace_lane ${lane + 1} ${vector} ${part})`,
    `(f32x4.splat ${first})`,
  );
}
