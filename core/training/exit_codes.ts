/** Exit codes of every command. 75 (EX_TEMPFAIL) tells a scheduler to start the run again. */
export const exitCodes = {
  ok: 0,
  failure: 1,
  usage: 2,
  diverged: 3,
  preempted: 75,
  interrupted: 130,
} as const;

/** Why a run ended. */
export const endReasons = [
  "completed",
  "diverged",
  "early_stopped",
  "unconverged",
  "no_room",
  "preempted",
  "failed",
  "interrupted",
] as const;
export type EndReason = typeof endReasons[number];

const codes: Readonly<Record<EndReason, number>> = {
  completed: exitCodes.ok,
  early_stopped: exitCodes.ok,
  unconverged: exitCodes.ok,
  no_room: exitCodes.failure,
  diverged: exitCodes.diverged,
  preempted: exitCodes.preempted,
  failed: exitCodes.failure,
  interrupted: exitCodes.interrupted,
};

/** The exit code of a run that ended for this reason. */
export const exitCodeOf = (reason: EndReason): number => codes[reason];
