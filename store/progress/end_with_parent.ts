/** Ends a process that another one started and waits for. */

/**
 * Sends SIGTERM to this process when its standard input ends, which happens however its parent ends, also
 * by SIGKILL. A thread of its own waits for it, so that it counts while the main thread computes.
 */
export function endWithParent(): void {
  new Worker(new URL("./end_with_parent_worker.ts", import.meta.url), {
    type: "module",
  });
}
