/** One program for replicas that differ in nothing but their first values. */
import type { Initializer } from "./initializer.ts";
import type { Program } from "./program.ts";

/**
 * The program, in which every replica has its own first values.
 *
 * @param initials [P], of programs that are the same otherwise (`sameProgram`).
 * @throws RangeError unless there are first values for each replica.
 * @example
 * const both = sideBySide(slow, [slow.initial, fast.initial]); // extents.replicas is 2
 */
export function sideBySide(program: Program, initials: readonly Program["initial"][]): Program {
  const { replicas } = program.extents;
  if (initials.length !== replicas) {
    throw new RangeError(`Expected first values of ${replicas} replicas, got ${initials.length}`);
  }
  const initial = [...program.initial.keys()].map((name) => {
    const values = initials.map((initial) => initial.get(name)!);
    return [name, { kind: "byReplica", values } satisfies Initializer] as const;
  });
  return { ...program, initial: new Map(initial) };
}
