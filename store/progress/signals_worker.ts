/**
 * Hears signals in a thread of its own, so that they count while the main thread computes. The first
 * word of the shared memory says why to stop: 0 not at all, else 1 + the index in `stopReasons`.
 *
 * The first Ctrl-C asks for a clean end, and soon after it nobody listens any more: the next does what
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

/**
 * Milliseconds in which one Ctrl-C may be heard twice: a terminal sends it to all programs at once, and `deno task`
 * passes on what it hears.
 */
const echo = 200;

addEventListener("message", ({ data: words }: MessageEvent<Int32Array>) => {
  for (const [signal, reason] of signals) {
    const listener = () => {
      if (reason === "interrupted") {
        setTimeout(() => Deno.removeSignalListener(signal, listener), echo);
      }
      Atomics.compareExchange(words, 0, 0, 1 + stopReasons.indexOf(reason));
      postMessage(reason);
    };
    Deno.addSignalListener(signal, listener);
  }
  postMessage("ready");
}, { once: true });
