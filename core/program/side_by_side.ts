/** One program for replicas that differ in nothing but their first values. */
import type { Initializer } from "./declaration.ts";
import type { Program } from "./program.ts";

/**
 * The program with first values of its own for every replica.
 *
 * @param initials [P], those of programs that are the same otherwise (`sameProgram`).
 * @throws RangeError if there is not one for each replica.
 */
export function sideBySide(program: Program, initials: readonly Program["initial"][]): Program {
  const { replicas } = program.extents;
  if (initials.length !== replicas) {
    throw new RangeError(`Expected first values of ${replicas} replicas, got ${initials.length}`);
  }
  const initial = [...program.initial.keys()].map((name) => {
    const own: Initializer = (out, context) => initials[context.replica]!.get(name)!(out, context);
    return [name, own] as const;
  });
  return { ...program, initial: new Map(initial) };
}
