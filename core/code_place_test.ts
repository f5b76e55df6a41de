/** Which lines of a stack are a user's own. */
import assert from "node:assert/strict";
import { withPlace } from "./code_error.ts";
import { userPlace } from "./code_place.ts";

const root = new URL("../", import.meta.url).href;

/** An error with these lines in its stack, innermost first. */
function thrownAt(...lines: string[]): Error {
  const error = new Error("broken");
  error.stack = ["Error: broken", ...lines.map((line) => `    at ${line}`)].join("\n");
  return error;
}

Deno.test("no folder of the library is taken for a user's own", () => {
  const others = ["docs", "examples", "node_modules", "runs", "tests"];
  const folders = [...Deno.readDirSync(new URL(root))]
    .filter(({ name, isDirectory }) => isDirectory && !/^\./.test(name) && !others.includes(name))
    .filter(({ name }) => [...Deno.readDirSync(new URL(name, root))].some((file) => file.isFile))
    .map(({ name }) => name);
  assert.ok(folders.includes("core"));
  for (const folder of [...folders.map((name) => `${name}/`), ""]) {
    assert.equal(userPlace(thrownAt(`f (${root}${folder}mod.ts:1:2)`)), undefined, folder);
  }
});

Deno.test("the innermost line outside the library is named, of the first cause", () => {
  const own = thrownAt(
    `matvec (${root}core/program/language/products.ts:3:1)`,
    "Object.step (file:///home/me/my%20nets/hebbff.ts:42:13)",
    "file:///home/me/run.ts:1:1",
  );
  assert.equal(userPlace(own), "my nets/hebbff.ts:42:13");
  assert.equal(userPlace(new Error("wrapped", { cause: own })), "my nets/hebbff.ts:42:13");
  assert.equal(userPlace(thrownAt("async file:///home/me/run.ts:1:1")), undefined);
  assert.equal(userPlace(thrownAt("parse (file:///me/node_modules/zod/index.js:1:1)")), undefined);
  assert.equal(userPlace("text"), undefined);
  assert.equal(withPlace("no", "a/b.ts:1:2"), "no (a/b.ts:1:2)");
  assert.equal(withPlace("no (c/d.ts:3:4)", "a/b.ts:1:2"), "no (c/d.ts:3:4)");
});
