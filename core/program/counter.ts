/**
 * A count of updates in float32 slots. One float32 stops at 2^24, so a count is a number below that and how
 * often it was passed: it is exact up to 2^48.
 */
import type { Value } from "./elementwise.ts";
import { add, lessEqual, mul, sub } from "./language.ts";
import type { ProgramBuilder, StageBuilder } from "./program.ts";

/** The first count that float32 cannot add 1 to. */
const TURN = 2 ** 24;

const turnsOf = (name: string): string => `${name}/turns`;

/** Declares the slots of a count that starts at 0. */
export function declareCounter(builder: ProgramBuilder, name: string): void {
  builder.slot(name, { kind: "optimizer" });
  builder.slot(turnsOf(name), { kind: "optimizer" });
}

/** A count before and after 1 was added, each rounded to float32 once. */
interface Counted {
  readonly before: Value;
  readonly after: Value;
}

/** What was counted in each stage. */
const counted = new WeakMap<StageBuilder, Map<string, Counted>>();

/** Adds 1 to a count, once a stage: all who count the same in a stage get the same values. */
export function countUp(stage: StageBuilder, name: string): Counted {
  const counts = counted.get(stage) ?? new Map<string, Counted>();
  counted.set(stage, counts);
  const count = counts.get(name) ?? addOne(stage, name);
  counts.set(name, count);
  return count;
}

function addOne(stage: StageBuilder, name: string): Counted {
  const [count, turns] = [stage.load(name), stage.load(turnsOf(name))];
  const more = add(count, 1);
  const isFull = lessEqual(TURN, more);
  const [next, nextTurns] = [sub(more, mul(isFull, TURN)), add(turns, isFull)];
  stage.store(name, next);
  stage.store(turnsOf(name), nextTurns);
  const whole = (turns: Value, count: Value) => add(mul(turns, TURN), count);
  return { before: whole(turns, count), after: whole(nextTurns, next) };
}

/** What both slots of a count hold. */
export const countAt = (name: string, count: number): Map<string, number> =>
  new Map([[name, count % TURN], [turnsOf(name), Math.floor(count / TURN)]]);

/**
 * Both slots of each count that was stored in one float32, as they are after so many iterations; each
 * iteration is one update.
 *
 * @param slots names of the slots of a program.
 * @param stored names of what was stored.
 */
export function missingCounts(
  slots: Iterable<string>,
  stored: { has(name: string): boolean },
  iteration: number,
): Map<string, number> {
  const names = new Set(slots);
  const counters = [...names].filter((name) =>
    names.has(turnsOf(name)) && stored.has(name) && !stored.has(turnsOf(name))
  );
  return new Map(counters.flatMap((name) => [...countAt(name, iteration)]));
}
