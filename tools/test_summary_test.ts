import assert from "node:assert/strict";
import { readTestSummary } from "./test_summary.ts";

Deno.test("the closing line in every form", () => {
  const cases: [line: string, passed: number, failed: number, ignored: number][] = [
    ["ok | 12 passed | 0 failed (3s)", 12, 0, 0],
    ["FAILED | 333 passed (93 steps) | 6 failed (2 steps) (38s)", 333, 6, 0],
    ["ok | 1 passed (5 steps) | 0 failed | 2 ignored (1 step) (1m2s)", 1, 0, 2],
    ["ok | 3 passed | 0 failed | 1 ignored | 4 filtered out (20ms)", 3, 0, 1],
  ];
  for (const [line, passed, failed, ignored] of cases) {
    const output = `running 1 test\nok | 99 passed | 0 failed (1ms)\n\n${line}\n\nerror: x\n`;
    assert.deepEqual(readTestSummary(output), { passed, failed, ignored }, line);
  }
  assert.equal(readTestSummary("error: TS2322: Type"), undefined);
});
