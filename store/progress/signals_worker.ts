/**
 * Hears signals in a thread of its own, so that they count while the main thread computes. The first
 * word of the shared memory says why to stop: 0 not at all, else 1 + the index in `stopReasons`.
 *
 * The first Ctrl-C asks for a clean end, and is the last one that anybody listens to: the next does what
 * a program without listeners does, and ends the process at once.
 */
import { type StopReason, stopReasons } from "../../core/training/train_options.ts";

/** Signals that ask for a clean end; a scheduler sends some of them before it takes a machine away. */
const signals: readonly (readonly [Deno.Signal, StopReason])[] = Deno.build.os === "windows"
  ? [["SIGINT", "interrupted"], ["SIGBREAK", "interrupted"]]
  : [
    ["SIGINT", "interrupted"],
    ["SIGTERM", "preempted"],
    ["SIGHUP", "preempted"],
    ["SIGUSR2", "preempted"],
  ];

addEventListener("message", ({ data: words }: MessageEvent<Int32Array>) => {
  for (const [signal, reason] of signals) {
    const listener = () => {
      if (reason === "interrupted") Deno.removeSignalListener(signal, listener);
      Atomics.compareExchange(words, 0, 0, 1 + stopReasons.indexOf(reason));
      postMessage(reason);
    };
    Deno.addSignalListener(signal, listener);
  }
  postMessage("ready");
}, { once: true });
