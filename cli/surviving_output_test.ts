import assert from "node:assert/strict";
import { mock } from "node:test";
import { survivingOutput } from "./surviving_output.ts";

const names = ["log", "error", "warn"] as const;

/** Replaces what `console` does while a test prints. */
function printing(print: () => void, test: () => void): void {
  const before = names.map((name) => console[name]);
  for (const name of names) console[name] = print;
  try {
    test();
  } finally {
    names.forEach((name, index) => console[name] = before[index]!);
  }
}

/** Prints where that fails with an error. @returns why standard output was lost. */
function printOn(error: Error): string | undefined {
  let reason: string | undefined;
  const fail = () => {
    throw error;
  };
  printing(fail, () => {
    const lost = survivingOutput();
    console.error("a");
    console.warn("b");
    assert.equal(lost(), undefined);
    console.log("c");
    reason = lost();
  });
  return reason;
}

Deno.test("a full disk behind standard output ends no work, and is told of", () => {
  assert.equal(printOn(new Error("No space left on device")), "No space left on device");
});

Deno.test("what is printed cannot steer the terminal, and keeps its lines", () => {
  const print = mock.fn();
  printing(print, () => {
    survivingOutput();
    console.log("report: \u001b]0;x\u0007\u009b2J\n\ta", 3);
  });
  const [call] = print.mock.calls;
  assert.deepEqual(call!.arguments, ["report: \\u001b]0;x\\u0007\\u009b2J\n\ta", 3]);
});

Deno.test("a reader that closes its pipe has seen enough", () => {
  assert.equal(printOn(new Deno.errors.BrokenPipe("Broken pipe")), undefined);
});
