/** Macros of the project's WebAssembly text: constants by name, and what relaxed SIMD makes faster. */
import { coefficients } from "../numerics/coefficients.ts";

export interface WatOptions {
  /** Whether the engine has relaxed SIMD: see `hasRelaxedSimd`. */
  readonly relaxed: boolean;
}

type Macro = (operands: readonly string[], options: WatOptions) => string;

/**
 * Relaxed instructions may differ between engines in the rounding of a multiply-add, in the
 * conversion of what is not an i32 and in a selection by a partial mask. The last two do not occur
 * here.
 */
const macros: Readonly<Record<string, { readonly operands: number; readonly write: Macro }>> = {
  F32: { operands: 1, write: ([value]) => allLanes("f32x4", value!) },
  I32: { operands: 1, write: ([value]) => allLanes("i32x4", value!) },
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
      `(${relaxed ? "i32x4.relaxed_laneselect" : "v128.bitselect"} ${whenTrue} ${whenFalse} ${mask})`,
  },
};

/**
 * The text with its comments removed and its macros written out:
 *
 * - `(F32 c)` and `(I32 c)`: a constant in all four lanes; c is a literal, or a coefficient's name
 *   with or without a minus sign;
 * - `(FMA a b c)`: a b + c of f32x4, rounded once or twice;
 * - `(TRUNCATE a)`: f32x4 to i32x4 towards zero, any value where the result is not an i32;
 * - `(SELECT f t mask)`: lanes of t where the mask is all ones, of f where it is zero.
 *
 * SyntaxError when a macro has the wrong number of operands or no closing parenthesis, or when a
 * constant is neither a number nor a coefficient's name.
 */
export function expandMacros(text: string, options: WatOptions): string {
  return expand(text.replaceAll(/[ \t]*;;.*/g, "").replaceAll(/\n{3,}/g, "\n\n"), options);
}

function expand(text: string, options: WatOptions): string {
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
    expanded += text.slice(end, match.index) +
      macro.write(operands.map((operand) => expand(operand, options)), options);
    end = opening.lastIndex = next;
  }
  return expanded + text.slice(end);
}

/** The operands at `position`, inside a pair of parentheses, and the position after that pair. */
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

function allLanes(shape: "f32x4" | "i32x4", constant: string): string {
  const [, sign, name] = constant.match(/^(-?)([A-Z][A-Z0-9_]*)$/) ?? [];
  let literal = constant;
  if (name !== undefined) {
    const value = (coefficients as Readonly<Record<string, number>>)[name];
    if (value === undefined) throw new SyntaxError(`WebAssembly text: no coefficient ${name}`);
    literal = `${sign}${value}`;
  } else if (constant !== "inf" && constant !== "-inf" && !Number.isFinite(Number(constant))) {
    throw new SyntaxError(`WebAssembly text: expected a number or a name, got ${constant}`);
  }
  return `(v128.const ${shape} ${Array(4).fill(literal).join(" ")})`;
}
