/** Exit codes of every command. 75 (EX_TEMPFAIL) tells a scheduler to start the run again. */
export const exitCodes = {
  ok: 0,
  failure: 1,
  usage: 2,
  diverged: 3,
  preempted: 75,
  interrupted: 130,
} as const;

/**
 * Why a run ended.
 *
 * | reason | what happened |
 * |---|---|
 * | completed | all iterations are done, or every level or goal is reached |
 * | diverged | of every replica, a number of the network or its metrics is not finite |
 * | early_stopped | the loss stayed above the limit of `EarlyStop`, or no network got better for the rows of `Patience` |
 * | unconverged | a level or goal was not reached in its longest time |
 * | no_room | there is no memory for the next level |
 * | preempted, interrupted | a scheduler or a person asked to stop |
 * | failed | an error was thrown |
 */
export type EndReason =
  | "completed"
  | "diverged"
  | "early_stopped"
  | "unconverged"
  | "no_room"
  | "preempted"
  | "failed"
  | "interrupted";

const codes: Readonly<Record<EndReason, number>> = {
  completed: exitCodes.ok,
  diverged: exitCodes.diverged,
  early_stopped: exitCodes.ok,
  unconverged: exitCodes.ok,
  no_room: exitCodes.failure,
  preempted: exitCodes.preempted,
  failed: exitCodes.failure,
  interrupted: exitCodes.interrupted,
};

/** All reasons why a run ends. */
export const endReasons = Object.keys(codes) as readonly EndReason[];

/** The exit code of a run that ended for this reason. */
export const exitCodeOf = (reason: EndReason): number => codes[reason];
