import assert from "node:assert/strict";
import { sourcePlaces } from "./source_places.ts";

Deno.test("keys of a YAML text are found with their lines and texts", async () => {
  const places = await sourcePlaces("# first\na:\n  b: 1.0\n  c: [1,\n    2e3]\n'd e': 4\n");
  assert.equal(places.line(["a"]), 2);
  assert.equal(places.line(["a", "b"]), 3);
  assert.equal(places.text(["a", "b"]), "1.0");
  assert.equal(places.line(["a", "c", 1]), 5);
  assert.equal(places.text(["a", "c", 1]), "2e3");
  assert.equal(places.line(["d e"]), 6);
  assert.equal(places.text(["a"]), undefined);
});

Deno.test("a key that is missing has the line of what should hold it", async () => {
  const places = await sourcePlaces("a:\n  b: 1\n");
  assert.equal(places.line(["a", "x", "y"]), 1);
  assert.equal(places.line(["x"]), undefined);
  assert.equal(places.text(["a", "x", "y"]), undefined);
});

Deno.test("keys of a JSON text are found too", async () => {
  const places = await sourcePlaces('{\n  "a": {"b": 0.50},\n  "c": [1, 2]\n}');
  assert.equal(places.line(["a", "b"]), 2);
  assert.equal(places.text(["a", "b"]), "0.50");
  assert.equal(places.line(["c", 1]), 3);
});

Deno.test("a text of another format has no places", async () => {
  const places = await sourcePlaces("[a]\nb = {");
  assert.equal(places.line(["a", "b"]), undefined);
  assert.equal(places.text(["a", "b"]), undefined);
});
