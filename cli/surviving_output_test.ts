import assert from "node:assert/strict";
import { mock } from "node:test";
import { survivingOutput } from "./surviving_output.ts";

/** Lets `console` fail with an error, and prints on it. @returns why standard output was lost. */
function printOn(error: Error): string | undefined {
  const names = ["log", "error", "warn"] as const;
  const before = names.map((name) => console[name]);
  const failing = names.map((name) =>
    mock.method(console, name, () => {
      throw error;
    })
  );
  try {
    const lost = survivingOutput();
    console.error("a");
    console.warn("b");
    assert.equal(lost(), undefined);
    console.log("c");
    return lost();
  } finally {
    failing.forEach((method) => method.mock.restore());
    names.forEach((name, index) => console[name] = before[index]!);
  }
}

Deno.test("a full disk behind standard output ends no work, and is told of", () => {
  assert.equal(printOn(new Error("No space left on device")), "No space left on device");
});

Deno.test("what is printed cannot steer the terminal, and keeps its lines", () => {
  const { log } = console;
  const printed = mock.method(console, "log", () => {});
  try {
    survivingOutput();
    console.log("report: \u001b]0;x\u0007\u009b2J\n\ta", 3);
    assert.deepEqual(printed.mock.calls[0]!.arguments, [
      "report: \\u001b]0;x\\u0007\\u009b2J\n\ta",
      3,
    ]);
  } finally {
    printed.mock.restore();
    console.log = log;
  }
});

Deno.test("a reader that closes its pipe has seen enough", () => {
  assert.equal(printOn(new Deno.errors.BrokenPipe("Broken pipe")), undefined);
});
