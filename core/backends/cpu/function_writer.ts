/**
 * Writes one WebAssembly function. Loops may be nested, and a value is put into a local at the outermost
 * loop that knows all its operands: it is then computed as rarely as possible.
 */

import type { IndexSymbol } from "../../schedule/index.ts";

/** The symbol of a loop over four columns at a time: its index stands for four neighbours. */
export const LANE: IndexSymbol = { kind: "lanes", name: "L" };
/** The number of the thread that runs, a global. */
export const THREAD: IndexSymbol = { kind: "thread", name: "thread" };

/** Types of locals. */
export type Kind = "f32" | "v128" | "i32";

/** A value of the function: the text that reads its local, or a constant. */
export interface Binding {
  readonly kind: Kind;
  readonly text: string;
  /** The text of a constant in four lanes. */
  readonly lanes?: string;
  /** Depth of the loop that computes it; 0: before all loops. */
  readonly level: number;
}

/** The statements of an open loop, and the values that it has computed, by key. */
interface Level {
  readonly symbol: IndexSymbol | undefined;
  /** The largest value of the symbol inside. */
  readonly most: number;
  readonly lines: string[];
  readonly values: Map<string, Binding>;
}

/** A function that is being written. */
export interface FunctionWriter {
  /** Depth of the loop that changes a symbol. @throws ReferenceError if nothing declares it. */
  levelOf(symbol: IndexSymbol): number;
  /** The largest value that a symbol has here; the least is 0 or more. @throws ReferenceError as `levelOf`. */
  mostOf(symbol: IndexSymbol): number;
  /** Depth of the innermost open loop. */
  depth(): number;
  /** The value that was remembered under a key in a loop that is still open. */
  recall(key: string): Binding | undefined;
  /** Keeps a value for `recall`, in the loop that computes it. */
  remember(key: string, binding: Binding): void;
  /** Computes a value in the loop of a level, and puts it into a local. */
  bind(text: string, kind: Kind, level: number): Binding;
  /** A fresh mutable local. */
  local(kind: Kind): string;
  /** Appends a statement to the innermost open loop. */
  push(line: string): void;
  /** Writes statements that compute vectors in the loop of a level. */
  at(level: number): { local(): string; push(line: string): void };
  /** A loop: symbol = from, from + step, ... while it is below `to`; `most` is the largest value that it has. */
  loop(
    symbol: IndexSymbol,
    range: { from: string; to: string; step: number; most: number },
    body: () => void,
  ): void;
  /** No loop: the statements of `body` with symbol = value. */
  once(symbol: IndexSymbol, value: number, body: () => void): void;
  /** A loop while symbol + step <= to, from where the symbol stands; it stays where it stopped. */
  blocks(
    symbol: IndexSymbol,
    range: { to: string; step: number; most: number },
    body: () => void,
  ): void;
  /** The whole function. */
  text(name: string): string;
}

/** A value in four lanes: as it is, or four times the same. */
export function inLanes(binding: Binding, writer: FunctionWriter): Binding {
  if (binding.kind === "v128") return binding;
  const key = `splat ${binding.text}`;
  const earlier = writer.recall(key);
  if (earlier) return earlier;
  const text = binding.lanes ?? `(f32x4.splat ${binding.text})`;
  const splat = writer.bind(text, "v128", binding.level);
  writer.remember(key, splat);
  return splat;
}

/** The names in a function, and the declarations of its locals. */
interface Names {
  readonly declarations: readonly string[];
  isDeclared(symbol: IndexSymbol): boolean;
  /** A fresh local. */
  local(kind: Kind): string;
  /** The local of a symbol; it is declared when it is first needed. */
  symbol(symbol: IndexSymbol): string;
  /** A fresh label. */
  label(prefix: string): string;
}

function createNames(parameters: readonly string[]): Names {
  const declarations: string[] = [];
  const symbols = new Set(parameters);
  let count = 0;
  return {
    declarations,
    isDeclared: ({ name }) => symbols.has(name),
    local(kind) {
      const name = `$${kind[0]}${count++}`;
      declarations.push(`(local ${name} ${kind})`);
      return name;
    },
    symbol({ name }) {
      if (!symbols.has(name)) {
        symbols.add(name);
        declarations.push(`(local $${name} i32)`);
      }
      return `$${name}`;
    },
    label: (prefix) => `$${prefix}${count++}`,
  };
}

/**
 * Begins a function.
 *
 * @example
 * const writer = createFunctionWriter({ n: 8 });
 * writer.loop(LANE, { from: "(i32.const 0)", to: "(local.get $n)", step: 4, most: 4 }, () => writer.push("(nop)"));
 *
 * @param most the largest value of each of its i32 parameters, by name.
 */
export function createFunctionWriter(most: Readonly<Record<string, number>>): FunctionWriter {
  const levels: Level[] = [{ symbol: undefined, most: 0, lines: [], values: new Map() }];
  const parameters = Object.keys(most);
  const names = createNames(parameters);
  const push = (...lines: readonly string[]) => void levels.at(-1)!.lines.push(...lines);
  function inside(symbol: IndexSymbol, most: number, body: () => void): string[] {
    levels.push({ symbol, most, lines: [], values: new Map() });
    body();
    return levels.pop()!.lines.map((line) => "  " + line);
  }
  return {
    push,
    local: names.local,
    levelOf(symbol) {
      const level = levels.findLastIndex((open) => open.symbol?.name === symbol.name);
      if (level >= 0) return level;
      if (names.isDeclared(symbol)) return 0;
      throw new ReferenceError(`Index "${symbol.name}" is not known here`);
    },
    mostOf(symbol) {
      const open = levels.findLast((open) => open.symbol?.name === symbol.name);
      const value = open?.most ?? most[symbol.name];
      if (value === undefined) throw new ReferenceError(`Index "${symbol.name}" is not known here`);
      return value;
    },
    depth: () => levels.length - 1,
    recall: (key) => levels.findLast(({ values }) => values.has(key))?.values.get(key),
    remember: (key, binding) => void levels[binding.level]!.values.set(key, binding),
    at: (level) => ({
      local: () => names.local("v128"),
      push: (line) => void levels[level]!.lines.push(line),
    }),
    bind(text, kind, level) {
      const name = names.local(kind);
      levels[level]!.lines.push(`(local.set ${name} ${text})`);
      return { kind, text: `(local.get ${name})`, level };
    },
    loop(symbol, { from, to, step, most }, body) {
      const name = names.symbol(symbol);
      const label = names.label("loop");
      const lines = inside(symbol, most, body);
      const isBelow = `(i32.lt_u (local.get ${name}) ${to})`;
      push(
        `(local.set ${name} ${from})`,
        `(if ${isBelow} (then (loop ${label}`,
        ...lines,
        `  ${advance(name, step)}`,
        `  (br_if ${label} ${isBelow}))))`,
      );
    },
    once(symbol, value, body) {
      const name = names.symbol(symbol);
      const lines = inside(symbol, value, body);
      push(`(local.set ${name} (i32.const ${value}))`, ...lines);
    },
    blocks(symbol, { to, step, most }, body) {
      const name = names.symbol(symbol);
      const [label, end] = [names.label("loop"), names.label("end")];
      const lines = inside(symbol, most, body);
      push(
        `(block ${end} (loop ${label}`,
        `  (br_if ${end} (i32.gt_u ${sum(name, step)} ${to}))`,
        ...lines,
        `  ${advance(name, step)}`,
        `  (br ${label})))`,
      );
    },
    text: (name) =>
      functionText(name, {
        parameters,
        locals: names.declarations,
        lines: levels[0]!.lines,
      }),
  };
}

const sum = (local: string, step: number): string =>
  `(i32.add (local.get ${local}) (i32.const ${step}))`;
const advance = (local: string, step: number): string => `(local.set ${local} ${sum(local, step)})`;

function functionText(
  name: string,
  { parameters, locals, lines }: {
    parameters: readonly string[];
    locals: readonly string[];
    lines: readonly string[];
  },
): string {
  const signature = parameters.map((parameter) => `(param $${parameter} i32)`).join(" ");
  return [
    `(func $${name} ${signature}`,
    ...locals.length > 0 ? ["  " + locals.join(" ")] : [],
    ...lines.map((line) => "  " + line),
    ")",
  ].join("\n");
}
