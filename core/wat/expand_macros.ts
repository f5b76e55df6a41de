/** Expands macros in WebAssembly text: named constants, and instructions that relaxed SIMD makes faster. */
import { coefficients } from "../numerics/coefficients.ts";

/** What the engine has. */
export interface WatOptions {
  /** Whether the engine has relaxed SIMD: see `hasRelaxedSimd`. */
  readonly relaxed: boolean;
}

/** Definitions of the globals that a text uses, by name. */
type Globals = Map<string, string>;

interface Macro {
  readonly operands: number;
  readonly write: (operands: readonly string[], context: WatOptions & Context) => string;
}

interface Context {
  readonly globals: Globals;
}

/**
 * Engines may differ in three relaxed instructions: how a multiply-add rounds, what a float becomes that
 * is no i32, and what a partial mask selects. The last two do not occur here.
 */
const macros: Readonly<Record<string, Macro>> = {
  F32: { operands: 1, write: ([value], { globals }) => allLanes("f32", value!, globals) },
  I32: { operands: 1, write: ([value], { globals }) => allLanes("i32", value!, globals) },
  FMA: {
    operands: 3,
    write: ([a, b, c], { relaxed }) =>
      relaxed ? `(f32x4.relaxed_madd ${a} ${b} ${c})` : `(f32x4.add (f32x4.mul ${a} ${b}) ${c})`,
  },
  TRUNCATE: {
    operands: 1,
    write: ([a], { relaxed }) =>
      `(i32x4.${relaxed ? "relaxed_trunc_f32x4_s" : "trunc_sat_f32x4_s"} ${a})`,
  },
  SELECT: {
    operands: 3,
    write: ([whenFalse, whenTrue, mask], { relaxed }) =>
      `(${
        relaxed ? "i32x4.relaxed_laneselect" : "v128.bitselect"
      } ${whenTrue} ${whenFalse} ${mask})`,
  },
};

/**
 * Expands the macros of a module's functions, and removes their comments.
 *
 * - `(F32 c)` and `(I32 c)`: a constant in all four lanes; c is a literal, or a coefficient's name
 *   with or without a minus sign;
 * - `(FMA a b c)`: a b + c of f32x4, rounded once or twice;
 * - `(TRUNCATE a)`: f32x4 to i32x4 towards zero, any value where the result is not an i32;
 * - `(SELECT f t mask)`: lanes of t where the mask is all ones, of f where it is zero.
 *
 * Constants become immutable globals, defined once each before the functions; so all functions of a
 * module have to be expanded together. (V8 builds a v128 literal from 64-bit integers at every use, but
 * reads a global like any operand in memory: up to 2.5 times as fast.)
 *
 * @throws SyntaxError if a macro is unknown, has the wrong number of operands or no closing parenthesis,
 * or if a constant is neither a number nor a coefficient's name.
 */
export function expandMacros(functions: string, options: WatOptions): string {
  const globals: Globals = new Map();
  const uncommented = functions.replaceAll(/[ \t]*;;.*/g, "").replaceAll(/\n{3,}/g, "\n\n");
  const expanded = expand(uncommented, { ...options, globals });
  return [...globals.values(), expanded.trim(), ""].join("\n");
}

function expand(text: string, context: WatOptions & Context): string {
  const opening = /\(([A-Z][A-Z0-9]*)(?=[\s)])/g;
  let expanded = "";
  let end = 0;
  for (let match = opening.exec(text); match !== null; match = opening.exec(text)) {
    const [start, name] = match;
    const macro = macros[name!];
    if (macro === undefined) throw new SyntaxError(`WebAssembly text: unknown macro (${name} ...)`);
    const { operands, next } = operandsFrom(text, match.index + start.length);
    if (operands.length !== macro.operands) {
      throw new SyntaxError(
        `WebAssembly text: (${name} ...) takes ${macro.operands} operands, got ${operands.length}`,
      );
    }
    const written = macro.write(operands.map((operand) => expand(operand, context)), context);
    expanded += text.slice(end, match.index) + written;
    end = opening.lastIndex = next;
  }
  return expanded + text.slice(end);
}

/** The operands from `position` to the closing parenthesis, and the position after it. */
function operandsFrom(text: string, position: number): { operands: string[]; next: number } {
  const operands: string[] = [];
  let depth = 0;
  let operand = "";
  for (let index = position; index < text.length; index++) {
    const character = text[index]!;
    if (depth === 0 && /[\s)]/.test(character)) {
      if (operand !== "") operands.push(operand);
      if (character === ")") return { operands, next: index + 1 };
      operand = "";
      continue;
    }
    if (character === "(") depth++;
    if (character === ")") depth--;
    operand += /\s/.test(character) ? " " : character;
  }
  throw new SyntaxError(
    `WebAssembly text: no closing parenthesis: ${text.slice(position, position + 40)}`,
  );
}

/** Reads the global of a constant; its definition is added to `globals`. */
function allLanes(lane: "f32" | "i32", constant: string, globals: Globals): string {
  const global = `$${lane.toUpperCase()}_${constant}`;
  const lanes = new Array<string>(4).fill(literalOf(constant)).join(" ");
  globals.set(global, `(global ${global} v128 (v128.const ${lane}x4 ${lanes}))`);
  return `(global.get ${global})`;
}

function literalOf(constant: string): string {
  const [, sign, name] = constant.match(/^(-?)([A-Z]\w*)$/) ?? [];
  if (name !== undefined) {
    const value = (coefficients as Readonly<Record<string, number>>)[name];
    if (value === undefined) throw new SyntaxError(`WebAssembly text: no coefficient ${name}`);
    return `${sign}${value}`;
  }
  if (!/^-?(inf|0x[0-9a-f]+|\d+(\.\d+)?(e[+-]?\d+)?)$/.test(constant)) {
    throw new SyntaxError(`WebAssembly text: expected a number or a name, got ${constant}`);
  }
  return constant;
}
