/** Signals that end a run cleanly. */
import { type StopReason, stopReasons } from "../../core/training/train_options.ts";

export interface SignalWatch {
  /** Why to stop; undefined before the first signal. Whoever asks is at work: the device is not silent. */
  reason(): StopReason | undefined;
  /** Calls back if, after a signal, nobody asks for its reason for as long as `patience`. */
  onSilence(listener: (reason: StopReason) => void): void;
  close(): void;
}

/** Of a run that signals do not concern. */
export const noSignals: SignalWatch = {
  reason: () => undefined,
  onSilence: () => {},
  close: () => {},
};

/** Seconds that a device may be silent after a signal. */
const devicePatience = 60;

const texts: Readonly<Record<StopReason, string>> = {
  interrupted: "interrupted: writing a checkpoint (again to stop at once)",
  preempted: "preempted: writing a checkpoint",
};

/**
 * Listens to signals, also while the main thread computes. Ctrl-C asks for a clean end; a second one ends
 * the process at once. SIGTERM, SIGHUP and SIGUSR2 mean that the run continues later.
 *
 * Nothing listens to SIGUSR1: Deno opens the port of its debugger for it.
 *
 * @param announce receives a line when a signal arrives.
 * @param options.patience in seconds.
 */
export async function watchSignals(
  announce: (text: string) => void,
  { patience = devicePatience }: { patience?: number | undefined } = {},
): Promise<SignalWatch> {
  const words = new Int32Array(new SharedArrayBuffer(4));
  const reason = () => stopReasons[Atomics.load(words, 0) - 1];
  const worker = new Worker(new URL("./signals_worker.ts", import.meta.url), { type: "module" });
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
  const said = new Set<StopReason>();
  let silence: (reason: StopReason) => void = () => {};
  let ticks = 0;
  let timer: ReturnType<typeof setInterval> | undefined;
  // Ticks count the time that the main thread waits: while it computes there are none.
  const tick = () => {
    if (++ticks < 10) return;
    clearInterval(timer);
    silence(reason()!);
  };
  worker.onmessage = ({ data }: MessageEvent<StopReason | "ready">) => {
    if (data === "ready") return resolve();
    timer ??= setInterval(tick, 100 * patience);
    if (said.has(data)) return;
    said.add(data);
    announce(texts[data]);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new Error(`signals cannot be heard: ${event.message}`));
  };
  worker.postMessage(words);
  await ready;
  return {
    reason() {
      ticks = 0;
      return reason();
    },
    onSilence: (listener) => silence = listener,
    close() {
      clearInterval(timer);
      worker.terminate();
    },
  };
}
