import assert from "node:assert/strict";
import { UsageError } from "./usage_error.ts";
import { formatNumberList, parseNumberList } from "./number_list.ts";

Deno.test("a list of numbers and ranges is sorted, each number once", () => {
  assert.deepEqual(parseNumberList("13", "--level"), [13]);
  assert.deepEqual(parseNumberList("1,2,5-8", "--interval"), [1, 2, 5, 6, 7, 8]);
  assert.deepEqual(parseNumberList(" 7, 3 - 5 ,4", "--interval"), [3, 4, 5, 7]);
});

Deno.test("what is no list is refused in a line that names the option and the part", () => {
  const cases: [text: string, says: RegExp][] = [
    ["", /^--level: "" is no number, expected numbers and ranges such as 1,2,5-20$/],
    ["1,,2", /^--level: "" is no number/],
    ["1,two", /^--level: "two" is no number/],
    ["1.5", /^--level: "1.5" is no number/],
    ["-3", /^--level: "-3" is no number/],
    ["0-3", /^--level: "0-3" is not in 1 \.\. 10000/],
    ["1-99999999999", /is not in 1 \.\. 10000/],
    ["9-3", /^--level: "9-3" is a range that ends before it begins/],
  ];
  for (const [text, says] of cases) {
    assert.throws(() => parseNumberList(text, "--level"), (error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, says);
      return true;
    });
  }
});

Deno.test("numbers are told as ranges", () => {
  assert.equal(formatNumberList([]), "");
  assert.equal(formatNumberList([6, 2, 1, 3, 3]), "1-3, 6");
});
