/**
 * Writes one WebAssembly function: nested loops, and values bound at the outermost loop in which all
 * that they depend on is known. Nothing here knows of models; `emit_pass.ts` does.
 */

import type { IndexSymbol } from "../../schedule/index.ts";

/** The lane symbol: an index that follows it stands for four neighbours. */
export const LANE: IndexSymbol = { kind: "lanes", name: "L" };
/** An element after the last four. */
export const SINGLE: IndexSymbol = { kind: "element", name: "e" };
/** The thread that runs, a global. */
export const THREAD: IndexSymbol = { kind: "thread", name: "thread" };

/** Types of locals. */
export type Kind = "f32" | "v128" | "i32";

/** A value in a local, or a constant. */
export interface Bound {
  readonly kind: Kind;
  readonly text: string;
  /** The text of a constant in four lanes. */
  readonly lanes?: string;
  /** Depth of the loop it belongs to; 0 is the function. */
  readonly level: number;
}

interface Level {
  readonly symbol: IndexSymbol | undefined;
  readonly lines: string[];
  readonly values: Map<string, Bound>;
}

/** A function that is being written. */
export interface FunctionWriter {
  /** Depth at which a symbol changes. */
  levelOf(symbol: IndexSymbol): number;
  /** Depth of the innermost open loop. */
  depth(): number;
  /** The value of a key that was bound in a loop still open. */
  recall(key: string): Bound | undefined;
  remember(key: string, bound: Bound): void;
  /** Puts a value into a local of the level. */
  bind(text: string, kind: Kind, level: number): Bound;
  /** A fresh mutable local. */
  local(kind: Kind): string;
  /** Appends a statement to the innermost open loop. */
  push(line: string): void;
  /** Runs `body` for symbol = from, from + step, ... below `to`; skipped if there is none. */
  loop(
    symbol: IndexSymbol,
    range: { from: string; to: string; step: number },
    body: () => void,
  ): void;
  /** Runs `body` once with symbol = value. */
  once(symbol: IndexSymbol, value: string, body: () => void): void;
  /** `while (symbol + step <= to)`, leaving the symbol where it stopped. */
  blocks(symbol: IndexSymbol, range: { to: string; step: number }, body: () => void): void;
  /** The whole function. */
  text(name: string): string;
}

/** A value in four lanes: as it is, or four times the same. */
export function inLanes(bound: Bound, writer: FunctionWriter): Bound {
  if (bound.kind === "v128") return bound;
  if (bound.lanes) return { kind: "v128", text: bound.lanes, level: 0 };
  const key = `splat ${bound.text}`;
  const earlier = writer.recall(key);
  if (earlier) return earlier;
  const splat = writer.bind(`(f32x4.splat ${bound.text})`, "v128", bound.level);
  writer.remember(key, splat);
  return splat;
}

/** @param parameters names of the function's i32 parameters. */
export function createFunctionWriter(parameters: readonly string[]): FunctionWriter {
  const levels: Level[] = [{ symbol: undefined, lines: [], values: new Map() }];
  const locals: string[] = [];
  let count = 0;

  function local(kind: Kind): string {
    const name = `$${kind[0]}${count++}`;
    locals.push(`(local ${name} ${kind})`);
    return name;
  }
  const current = () => levels.at(-1)!;
  const declared = new Set(parameters);
  function symbolLocal({ name }: IndexSymbol): string {
    if (!declared.has(name)) {
      declared.add(name);
      locals.push(`(local $${name} i32)`);
    }
    return `$${name}`;
  }
  function inside(symbol: IndexSymbol, body: () => void): string[] {
    levels.push({ symbol, lines: [], values: new Map() });
    body();
    return levels.pop()!.lines.map((line) => "  " + line);
  }

  return {
    local,
    levelOf(symbol) {
      const level = levels.findLastIndex((open) => open.symbol?.name === symbol.name);
      if (level >= 0) return level;
      if (!declared.has(symbol.name)) {
        throw new ReferenceError(`Index "${symbol.name}" is not known here`);
      }
      return 0;
    },
    depth: () => levels.length - 1,
    recall: (key) => levels.findLast(({ values }) => values.has(key))?.values.get(key),
    remember: (key, bound) => void levels[bound.level]!.values.set(key, bound),
    bind(text, kind, level) {
      const name = local(kind);
      levels[level]!.lines.push(`(local.set ${name} ${text})`);
      return { kind, text: `(local.get ${name})`, level };
    },
    push: (line) => void current().lines.push(line),
    loop(symbol, { from, to, step }, body) {
      const name = symbolLocal(symbol);
      const label = `$loop${count++}`;
      const lines = inside(symbol, body);
      const isBelow = `(i32.lt_u (local.get ${name}) ${to})`;
      current().lines.push(
        `(local.set ${name} ${from})`,
        `(if ${isBelow} (then (loop ${label}`,
        ...lines,
        `  ${advance(name, step)}`,
        `  (br_if ${label} ${isBelow}))))`,
      );
    },
    once(symbol, value, body) {
      const name = symbolLocal(symbol);
      const lines = inside(symbol, body);
      current().lines.push(`(local.set ${name} ${value})`, ...lines);
    },
    blocks(symbol, { to, step }, body) {
      const name = symbolLocal(symbol);
      const [label, end] = [`$loop${count++}`, `$end${count++}`];
      const lines = inside(symbol, body);
      current().lines.push(
        `(block ${end} (loop ${label}`,
        `  (br_if ${end} (i32.gt_u ${sum(name, step)} ${to}))`,
        ...lines,
        `  ${advance(name, step)}`,
        `  (br ${label})))`,
      );
    },
    text: (name) => functionText(name, { parameters, locals, lines: levels[0]!.lines }),
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
