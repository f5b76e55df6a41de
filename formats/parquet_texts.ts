/**
 * Texts of a column of Parquet, a group of rows at a time. The package that reads it is loaded where it is used, and
 * answers later, but a task is built at once: so a thread of its own reads, and this one waits for it.
 */
import { kinds, type ParquetStart, received, say, turns, words } from "./parquet_channel.ts";

/** Most bytes of the cells of a group of rows. */
const mostBytes = 2 ** 30;
/** How long the worker may be silent. */
const patienceMilliseconds = 120_000;

/**
 * The cells of one column of a Parquet file that are texts, one after another; a missing one is "". Only one group of
 * rows is in memory.
 *
 * @param choose says which of the columns, of these names.
 * @throws SyntaxError if it is no Parquet, is torn, or the column holds no texts; what `choose` throws.
 * @example
 * for (const text of parquetTexts("stories.parquet", () => "text")) console.log(text.length);
 */
export function* parquetTexts(
  path: string | URL,
  choose: (names: readonly string[]) => string,
): Generator<string> {
  const control = new SharedArrayBuffer(16);
  const payload = new SharedArrayBuffer(1 << 16, { maxByteLength: mostBytes });
  const worker = new Worker(new URL("./parquet_worker.ts", import.meta.url), { type: "module" });
  try {
    worker.postMessage({ path: String(path), control, payload } satisfies ParquetStart);
    const state = new Int32Array(control);
    for (;;) {
      const { kind, value } = hear(state, payload);
      if (kind === kinds.end) return;
      if (kind === kinds.error) throw new SyntaxError(String(value));
      if (kind === kinds.cells) yield* value as readonly string[];
      const answer = kind === kinds.names ? choose(value as readonly string[]) : null;
      say(state, payload, { turn: turns.worker, kind, value: answer });
    }
  } finally {
    worker.terminate();
  }
}

/** Waits for what the worker says. @throws SyntaxError if it is silent. */
function hear(state: Int32Array, payload: SharedArrayBuffer): { kind: number; value: unknown } {
  while (Atomics.load(state, words.turn) !== turns.reader) {
    const outcome = Atomics.wait(state, words.turn, turns.worker, patienceMilliseconds);
    if (outcome === "timed-out") throw new SyntaxError("its reader does not answer");
  }
  return { kind: state[words.kind]!, value: received(state, payload) };
}
