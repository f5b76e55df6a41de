import assert from "node:assert/strict";
import fc from "fast-check";
import { duplicateKey } from "./duplicate_key.ts";

Deno.test("duplicateKey: finds equal keys of one object at any depth", () => {
  assert.equal(duplicateKey('{"a": 1, "b": {"c": 2, "c": 3}}'), "c");
  assert.equal(duplicateKey('{"a": 1, "\\u0061" : 2}'), "a");
  assert.equal(duplicateKey('[{"x": [{"y": 1}, {"y": "x"}], "x": 1}]'), "x");
});

Deno.test("duplicateKey: equal keys of different objects and equal texts are fine", () => {
  assert.equal(duplicateKey('{"a": {"a": "a"}, "b": ["a", "a", {"a": 1}, {"a": 1}]}'), undefined);
  assert.equal(duplicateKey('{"a": "\\"b\\":", "b": "}{"}'), undefined);
  assert.equal(duplicateKey('"a"'), undefined);
  fc.assert(fc.property(fc.json(), (json) => duplicateKey(json) === undefined));
});
