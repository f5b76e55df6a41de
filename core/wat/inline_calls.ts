/**
 * Writes calls of library functions out as the statements of their bodies. V8 inlines small functions only, and
 * joins pairs of vectors only between calls.
 */
import functions from "./functions.wat" with { type: "text" };

/** An expression in brackets, or a word. */
type Expression = string | readonly Expression[];

/** A straight-line function of vectors. */
interface LibraryFunction {
  readonly parameters: readonly string[];
  readonly locals: readonly string[];
  /** Statements `(local.set name value)`. */
  readonly statements: readonly (readonly [name: string, value: Expression])[];
  readonly result: Expression;
}

const library: ReadonlyMap<string, LibraryFunction> = new Map(
  parse(functions.replaceAll(/;;.*/g, "")).map((expression) => {
    const [, name, ...parts] = expression as readonly Expression[];
    const ofKind = (kind: string) =>
      parts.filter((part): part is readonly Expression[] => part[0] === kind);
    const nameOf = (part: readonly Expression[]) => part[1] as string;
    return [name as string, {
      parameters: ofKind("param").map(nameOf),
      locals: ofKind("local").map(nameOf),
      statements: ofKind("local.set").map((part) => [nameOf(part), part[2]!] as const),
      result: parts.at(-1)!,
    }];
  }),
);

/** What a function is written into. */
export interface Target {
  /** A fresh local of four lanes. */
  local(): string;
  /** Appends a statement. */
  push(line: string): void;
}

/**
 * The text of a library function's result; the statements that it needs are appended before.
 *
 * @param name with its `$`.
 * @param operands texts of vectors.
 * @example
 * const text = inlineCall("$hebb_tanh", ["(local.get $x)"], { local: freshLocal, push: (line) => lines.push(line) });
 */
export function inlineCall(name: string, operands: readonly string[], target: Target): string {
  const { parameters, locals, statements, result } = library.get(name)!;
  const renamed = new Map([...parameters, ...locals].map((local) => [local, target.local()]));
  const set = (local: string, text: string) =>
    target.push(`(local.set ${renamed.get(local)!} ${text})`);
  const write = (expression: Expression): string => {
    if (typeof expression === "string") return renamed.get(expression) ?? expression;
    const [head, callee, ...rest] = expression;
    return head === "call"
      ? inlineCall(callee as string, rest.map(write), target)
      : `(${expression.map(write).join(" ")})`;
  };
  parameters.forEach((parameter, index) => set(parameter, operands[index]!));
  for (const [local, value] of statements) set(local, write(value));
  return write(result);
}

/** The expressions of a text. */
function parse(text: string): Expression[] {
  const open: Expression[][] = [[]];
  for (const [word] of text.matchAll(/[()]|[^\s()]+/g)) {
    if (word === "(") open.push([]);
    else if (word === ")") {
      const closed = open.pop()!;
      open.at(-1)!.push(closed);
    } else open.at(-1)!.push(word);
  }
  return open[0]!;
}
