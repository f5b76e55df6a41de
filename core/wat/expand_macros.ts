/** Expands macros in WebAssembly text: named constants, and instructions that relaxed SIMD makes faster. */
import { coefficients } from "../numerics/coefficients.ts";

/** What the engine has. */
export interface WatOptions {
  /** Whether the engine has relaxed SIMD: see `hasRelaxedSimd`. */
  readonly relaxed: boolean;
  /** Bytes `from` to `to` - 1 are for the words of constants; nothing else may be written there. */
  readonly constants: { readonly from: number; readonly to: number };
}

/** The bits of the constants that a text uses, in the order of their words in memory. */
type Constants = number[];

interface Macro {
  readonly operands: number;
  readonly write: (operands: readonly string[], context: WatOptions & Context) => string;
}

interface Context {
  readonly words: Constants;
}

/**
 * Engines may differ in three relaxed instructions: how a multiply-add rounds, what a float becomes that
 * is no i32, and what a partial mask selects. The last two do not occur here.
 */
const macros: Readonly<Record<string, Macro>> = {
  F32: { operands: 1, write: ([value], context) => allLanes(bitsOf(numberOf(value!)), context) },
  I32: { operands: 1, write: ([value], context) => allLanes(numberOf(value!) >>> 0, context) },
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
 * Constants lie in memory, a word each, and one load puts a word into all lanes; so all functions of a
 * module have to be expanded together. (V8 builds a v128 literal from 64-bit integers at every use, and
 * does not join the two reads of a global into one of 256 bits.)
 *
 * @throws SyntaxError if a macro is unknown, has the wrong number of operands or no closing parenthesis,
 * or if a constant is neither a number nor a coefficient's name.
 * @throws RangeError if there is no room for all constants.
 */
export function expandMacros(functions: string, options: WatOptions): string {
  const words: Constants = [];
  const uncommented = functions.replaceAll(/[ \t]*;;.*/g, "").replaceAll(/\n{3,}/g, "\n\n");
  const expanded = expand(uncommented, { ...options, words });
  return [constantData(words, options), expanded.trim(), ""].join("\n");
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

/** Reads the word of a constant into all lanes; a new one is added to `words`. */
function allLanes(bits: number, { words, constants }: WatOptions & Context): string {
  if (bits === 0) return "(v128.const i32x4 0 0 0 0)";
  if (!words.includes(bits)) words.push(bits);
  return `(v128.load32_splat offset=${constants.from + 4 * words.indexOf(bits)} (i32.const 0))`;
}

/** The data segment of the constants. */
function constantData(words: Constants, { constants: { from, to } }: WatOptions): string {
  const room = Math.floor((to - from) / 4);
  if (words.length > room) {
    throw new RangeError(`${words.length} different constants, there is room for ${room}`);
  }
  const bytes = [...new Uint8Array(Uint32Array.from(words).buffer)]
    .map((byte) => "\\" + byte.toString(16).padStart(2, "0"));
  return `(data (i32.const ${from}) "${bytes.join("")}")`;
}

/** The bits of a number as float32. */
function bitsOf(value: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return view.getUint32(0);
}

function numberOf(constant: string): number {
  const [, sign, name] = constant.match(/^(-?)([A-Z]\w*)$/) ?? [];
  if (name !== undefined) {
    const value = (coefficients as Readonly<Record<string, number>>)[name];
    if (value === undefined) throw new SyntaxError(`WebAssembly text: no coefficient ${name}`);
    return sign === "-" ? -value : value;
  }
  if (!/^-?(inf|0x[0-9a-f]+|\d+(\.\d+)?(e[+-]?\d+)?)$/.test(constant)) {
    throw new SyntaxError(`WebAssembly text: expected a number or a name, got ${constant}`);
  }
  const isNegative = constant.startsWith("-");
  const size = constant.slice(isNegative ? 1 : 0);
  const value = size === "inf" ? Infinity : Number(size);
  return isNegative ? -value : value;
}
