/**
 * A curriculum: every replica goes from level to level of a task by its own score.
 *
 * A level is passed when the score of the training sequences, judged before their update, is at
 * least the threshold (at most, where less is better) in `streak` updates in a row; weights and optimizer state carry over.
 */
import type { Goal } from "./task.ts";

/** Where each of P replicas stands; all arrays are [P]. */
export interface CurriculumState {
  /** The level in training. */
  readonly level: number[];
  /** Updates in a row with a good score. */
  readonly streak: number[];
  /** Updates done when the level in training began. */
  readonly since: number[];
  /** The highest level passed; one below the first: none. */
  readonly passed: number[];
}

export interface Curriculum {
  readonly state: CurriculumState;
  /**
   * Judges one update of every replica.
   *
   * @param scores [P], of the sequences of this update.
   * @returns the replicas whose streak is complete with it: `completeStreak` says whether they pass.
   */
  recordScores(scores: readonly number[]): number[];
  /**
   * Ends a complete streak: the replica goes to the next level, or has to begin the streak again.
   *
   * @param iteration updates done.
   */
  completeStreak(replica: number, outcome: { passes: boolean; iteration: number }): void;
  /**
   * Updates after which a replica may pass a level, or training ends unconverged, at the earliest; at least 1.
   *
   * @param iteration updates done.
   */
  updatesToDecision(iteration: number): number;
  /** Takes out a replica that has diverged: it passes nothing more, and nothing waits for it. */
  leave(replica: number): void;
  /** Why training ends; undefined while a replica still has levels to learn, and updates left to do so. */
  end(iteration: number): "passed" | "unconverged" | undefined;
}

/** The levels of one replica, first to last, and the goal that passes each. */
export interface LevelRange extends Goal {
  readonly first: number;
  readonly last: number;
  /** Which scores are good: at least the threshold, the default, or at most. */
  readonly better?: "more" | "less" | undefined;
}

/**
 * Begins a curriculum, or goes on with one.
 *
 * @example
 * const goal = { threshold: 0.99, streak: 5, longest: 1e6 };
 * const curriculum = createCurriculum([{ first: 1, last: 5, ...goal }]);
 * const complete = curriculum.recordScores([0.995]); // replicas whose streak is complete
 *
 * @param ranges [P].
 * @param options.resume the state to go on from.
 * @throws RangeError if that state has another number of replicas.
 */
export function createCurriculum(
  ranges: readonly LevelRange[],
  { resume }: { resume?: CurriculumState | undefined } = {},
): Curriculum {
  const zeros = ranges.map(() => 0);
  const state = structuredClone(resume) ?? {
    level: ranges.map(({ first }) => first),
    streak: zeros,
    since: [...zeros],
    passed: ranges.map(({ first }) => first - 1),
  };
  if (state.level.length !== ranges.length) {
    throw new RangeError(
      `Expected the curriculum of ${ranges.length} replicas, got one of ${state.level.length}`,
    );
  }
  // A resumed curriculum may have more levels than before.
  ranges.forEach(({ last }, replica) => {
    const passed = state.passed[replica]!;
    if (passed >= state.level[replica]!) state.level[replica] = Math.min(last, passed + 1);
  });
  const left = new Set<number>();
  const isDone = (replica: number) => state.passed[replica]! >= ranges[replica]!.last;
  return {
    state,
    recordScores(scores) {
      const complete: number[] = [];
      scores.forEach((score, replica) => {
        if (left.has(replica) || isDone(replica)) return;
        const { threshold, streak, better } = ranges[replica]!;
        const isGood = better === "less" ? score <= threshold : score >= threshold;
        state.streak[replica] = isGood ? state.streak[replica]! + 1 : 0;
        if (state.streak[replica]! >= streak) complete.push(replica);
      });
      return complete;
    },
    completeStreak(replica, { passes, iteration }) {
      state.streak[replica] = 0;
      if (!passes) return;
      state.passed[replica] = state.level[replica]!;
      state.level[replica] = Math.min(ranges[replica]!.last, state.level[replica]! + 1);
      state.since[replica] = iteration;
    },
    updatesToDecision(iteration) {
      const replicas = [...state.level.keys()].filter((replica) =>
        !left.has(replica) && !isDone(replica)
      );
      const toStreak = replicas.map((replica) => ranges[replica]!.streak - state.streak[replica]!);
      const toEnd = replicas.map((replica) =>
        state.since[replica]! + ranges[replica]!.longest - iteration
      );
      return Math.max(1, Math.min(...toStreak, Math.max(...toEnd)));
    },
    leave(replica) {
      left.add(replica);
      // However many updates were done when it was noticed.
      state.streak[replica] = 0;
    },
    end(iteration) {
      const replicas = [...state.level.keys()].filter((replica) => !left.has(replica));
      if (replicas.every(isDone)) return "passed";
      const isStuck = (replica: number) =>
        iteration - state.since[replica]! >= ranges[replica]!.longest;
      return replicas.every((replica) => isDone(replica) || isStuck(replica))
        ? "unconverged"
        : undefined;
    },
  };
}
