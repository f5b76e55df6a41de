import assert from "node:assert/strict";
import { errorLine } from "./error_line.ts";

Deno.test("errorLine: a permission that is missing is told without advice for whoever types deno", () => {
  for (const what of ['net access to "h:80"', 'env access to "HOME"', "sys access", "ffi access"]) {
    const message = `Requires ${what}, run again with the --allow-it flag`;
    assert.equal(
      errorLine(new Deno.errors.NotCapable(message)),
      `this command has no permission for ${what}`,
    );
  }
  assert.equal(errorLine(new Deno.errors.NotCapable("other words")), "other words");
  assert.equal(errorLine(new Error("two\nlines")), "two lines");
  assert.equal(errorLine(7), "7");
});
