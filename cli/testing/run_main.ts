/** Runs a command as a user does, in the process of the test. */
import { mock } from "node:test";
import { main } from "../main.ts";

/** How a command ended: its exit code, and what it wrote to standard output and standard error. */
export async function runMain(
  ...args: string[]
): Promise<{ code: number; out: string; err: string }> {
  const out = mock.method(console, "log", () => {});
  const err = mock.method(console, "error", () => {});
  const text = ({ mock: { calls } }: typeof out) =>
    calls.map((call) => (call.arguments as unknown[]).join(" ")).join("\n");
  try {
    const code = await main(args);
    return { code, out: text(out), err: text(err) };
  } finally {
    out.mock.restore();
    err.mock.restore();
  }
}

/** The lines of what was written; none of nothing. */
export const linesOf = (text: string): string[] => text === "" ? [] : text.split("\n");
