/** Checks what an author's step and declarations come to. */
import { describeShape, sameShape } from "../axes.ts";
import { CodeError } from "../code_error.ts";
import { didYouMean } from "../similar_name.ts";
import type { Declaration } from "./declaration.ts";
import { describeThing, isValue, type Value } from "./elementwise.ts";

type Declarations = Readonly<Record<string, Declaration>>;

/** What the checks of a model need to know of it. */
export interface CheckedModel {
  readonly name: string;
  readonly state: Declarations;
  /** Where the model was defined. */
  readonly place: () => string | undefined;
  /** Where its step made a value. */
  readonly placeOf: (value: Value) => string | undefined;
}

/** @throws CodeError unless each declaration is one of `scalar`, `vector` or `matrix`. */
export function checkDeclarations(
  what: string,
  declared: Declarations,
  place: () => string | undefined,
): void {
  if (typeof declared !== "object" || declared === null) {
    throw new CodeError(`${what}: expected an object of declarations, got ${declared}`, place());
  }
  for (const [name, declaration] of Object.entries(declared)) {
    if (declaration?.initial !== undefined && Array.isArray(declaration.shape)) continue;
    throw new CodeError(
      `${what}: expected scalar(), vector() or matrix() for "${name}", got ` +
        describeThing(declaration),
      place(),
    );
  }
}

/** @throws CodeError if one name stands for two things: each is a slot of the program. */
export function checkNames(
  model: string,
  kinds: Readonly<Record<string, object>>,
  place: () => string | undefined,
): void {
  const taken = new Map<string, string>();
  for (const [kind, declared] of Object.entries(kinds)) {
    for (const name of Object.keys(declared)) {
      const other = taken.get(name);
      if (other !== undefined) {
        throw new CodeError(
          `Model ${model}: "${name}" is a name of its ${other} and of its ${kind}; expected two names`,
          place(),
        );
      }
      taken.set(name, kind);
    }
  }
}

const stepKeys = ["state", "output", "observed"];

/**
 * Checks what the step of a model returns.
 *
 * @throws CodeError unless it is an output, the next state as declared, and values that are observed.
 */
export function checkStep(returned: unknown, model: CheckedModel): void {
  const fail = (problem: string, place = model.place()): never => {
    throw new CodeError(`Model ${model.name}: ${problem}`, place);
  };
  const isObject = (thing: unknown): thing is Readonly<Record<string, unknown>> =>
    typeof thing === "object" && thing !== null && !isValue(thing);
  if (!isObject(returned)) {
    return fail(`the step returns ${describe(returned)}, expected { state, output }`);
  }
  const unknown = Object.keys(returned).find((key) => !stepKeys.includes(key));
  if (unknown !== undefined) {
    const unused = stepKeys.filter((key) => !(key in returned));
    const expected = "it may return state, output and observed";
    return fail(`the step returns "${unknown}"${didYouMean(unknown, unused)}; ${expected}`);
  }
  const { state, output, observed = {} } = returned;
  if (!isValue(output)) {
    return fail(
      output === undefined
        ? "the step returns no output"
        : `the step returns ${describe(output)} as output, expected a traced value`,
    );
  }
  if (!isObject(state)) {
    return fail(`the step returns ${describe(state)} as state, expected an object`);
  }
  checkState(state, { model, fail });
  if (!isObject(observed)) return fail(`the step returns ${describe(observed)} as observed`);
  for (const [name, value] of Object.entries(observed)) {
    if (!isValue(value)) fail(`observed "${name}" is ${describe(value)}, expected a traced value`);
  }
}

function checkState(
  next: Readonly<Record<string, unknown>>,
  { model, fail }: { model: CheckedModel; fail: (problem: string, place?: string) => never },
): void {
  const names = Object.keys(model.state);
  const undeclared = Object.keys(next).find((name) => !names.includes(name));
  const missing = names.find((name) => next[name] === undefined);
  if (undeclared !== undefined) {
    const unused = names.filter((name) => next[name] === undefined);
    fail(`the step returns an undeclared state "${undeclared}"${didYouMean(undeclared, unused)}`);
  }
  if (missing !== undefined) fail(`the step returns no state "${missing}"`);
  for (const [name, { shape }] of Object.entries(model.state)) {
    const value = next[name];
    if (typeof value === "number") continue;
    if (!isValue(value)) {
      return fail(`the next state "${name}" is ${describe(value)}, expected a traced value`);
    }
    // A scalar is repeated.
    if (value.shape.length === 0 || sameShape(value.shape, shape)) continue;
    fail(
      `the next state "${name}" is a ${describeShape(value.shape)}, declared is a ` +
        describeShape(shape),
      model.placeOf(value),
    );
  }
}

const describe = (thing: unknown): string =>
  isValue(thing) ? `a ${describeShape(thing.shape)}` : describeThing(thing);
