/** Signals that end a run cleanly. */
import { exitCodes } from "../../core/training/exit_codes.ts";
import type { StopReason } from "../../core/training/train_options.ts";

export interface SignalWatch {
  /** Why to stop; undefined before the first signal. */
  reason(): StopReason | undefined;
  close(): void;
}

/**
 * Listens to signals. Ctrl-C asks for a clean end; a second one ends the process at once. SIGTERM and
 * SIGUSR1, which schedulers send before they take a machine away, mean that the run continues later.
 *
 * @param announce receives a line when a signal arrives.
 */
export function watchSignals(announce: (text: string) => void): SignalWatch {
  let reason: StopReason | undefined;
  const interrupt = () => {
    if (reason === "interrupted") Deno.exit(exitCodes.interrupted);
    reason ??= "interrupted";
    announce("interrupted: writing a checkpoint (again to stop at once)");
  };
  const preempt = () => {
    if (reason) return;
    reason = "preempted";
    announce("preempted: writing a checkpoint");
  };
  const listeners: [Deno.Signal, () => void][] = Deno.build.os === "windows"
    ? [["SIGINT", interrupt], ["SIGBREAK", interrupt]]
    : [["SIGINT", interrupt], ["SIGTERM", preempt], ["SIGUSR1", preempt]];
  for (const [signal, listener] of listeners) Deno.addSignalListener(signal, listener);
  return {
    reason: () => reason,
    close() {
      for (const [signal, listener] of listeners) Deno.removeSignalListener(signal, listener);
    },
  };
}
