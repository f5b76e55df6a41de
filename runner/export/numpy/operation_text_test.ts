import assert from "node:assert/strict";
import { operationCases } from "../../../core/testing/operation_domains.ts";
import { meaningOf } from "../../../core/program/operations.ts";
import { runNumpy } from "../../../tests/testing/numpy.ts";
import { helperTexts, operationText } from "./operation_text.ts";

/** Values that lie on kinks and steps of an operation, beside those of its range. */
const special = [0, 1, -1, 0.5, 1.5, 2.5];
/** Operations whose operands may leave their range. */
const isTotal = new Set([
  "negate",
  "abs",
  "sigmoid",
  "softplus",
  "gelu",
  "toFinite",
  "sign",
  "floor",
  "round",
  "finite",
  "less",
  "lessEqual",
  "equal",
  "where",
  "maximum",
  "minimum",
  "strongProduct",
  "doublyStrongProduct",
  "pow",
]);

Deno.test("every elementwise operation has the same meaning in NumPy", async () => {
  const cases = operationCases.map(({ op, ranges }) => {
    const count = 40;
    const columns = ranges.map(([low, high], operand) => [
      ...Array.from(
        { length: count },
        (_, index) => low + (high - low) * ((index * (operand + 1) * 0.381966) % 1),
      ),
      ...isTotal.has(op)
        ? special.map((_, index) => special[(index * (operand + 1)) % special.length]!)
        : [],
    ]);
    const expected = columns[0]!.map((_, row) =>
      meaningOf(op)(...columns.map((column) => column[row]!))
    );
    const [a = "", b = "", c = ""] = columns.map((_, operand) => `np.array(columns[${operand}])`);
    return { op, columns, expected, text: operationText[op](a, b, c) };
  });
  const script = `
import math
${Object.values(helperTexts).join("\n\n")}
result = {}
for case in data:
    columns = case["columns"]
    with np.errstate(all="ignore"):
        values = eval(case["text"])
    result[case["op"]] = [None if math.isnan(value) else value for value in np.asarray(values, float).tolist()]
`;
  const found = await runNumpy(".", script, cases) as Record<string, (number | null)[]> | undefined;
  if (found === undefined) return;
  for (const { op, columns, expected } of cases) {
    assert.equal(found[op]!.length, expected.length, op);
    expected.forEach((value, row) => {
      const actual = found[op]![row] ?? NaN;
      const at = `${op}(${columns.map((column) => column[row])}) is ${value}, NumPy says ${actual}`;
      if (Number.isNaN(value)) assert.ok(Number.isNaN(actual), at);
      else assert.ok(Math.abs(actual - value) <= 1e-12 * (1 + Math.abs(value)), at);
    });
  }
});
