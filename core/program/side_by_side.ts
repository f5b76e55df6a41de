/** One program for replicas that differ in nothing but their first values. */
import type { Initializer } from "./initializer.ts";
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
    const values = initials.map((own) => own.get(name)!);
    return [name, { kind: "byReplica", values } satisfies Initializer] as const;
  });
  return { ...program, initial: new Map(initial) };
}
