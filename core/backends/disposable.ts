/** What is closed by the end of a `using` block. */

interface Closable {
  close(): void;
  [Symbol.dispose](): void;
}

/**
 * Completes what can be closed by `Symbol.dispose`.
 *
 *     const engine: Engine = disposable({ program, chunk, memory, write, read, run, close });
 */
export function disposable<T extends Closable>(parts: Omit<T, typeof Symbol.dispose>): T {
  const whole = { ...parts, [Symbol.dispose]: () => whole.close() } as T;
  return whole;
}
