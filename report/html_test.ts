import assert from "node:assert/strict";
import { drawTable, embedJson, esc } from "./html.ts";

Deno.test("esc leaves no character that ends a text or an attribute", () => {
  assert.equal(esc(`"><a href='x'>&`), "&quot;&gt;&lt;a href=&#39;x&#39;&gt;&amp;");
  assert.equal(esc(3), "3");
});

Deno.test("embedJson cannot end its script element, and parses back", () => {
  const value = { "</script>": "<!--\u2028\u2029" };
  const text = embedJson(value);
  assert.doesNotMatch(text, /[<\u2028\u2029]/);
  assert.deepEqual(JSON.parse(text), value);
});

Deno.test("drawTable escapes headings and cells", () => {
  const html = drawTable({ columns: ["<a>", "b"], rows: [["<c>", "<d>"], []] });
  assert.match(html, /&lt;a&gt;.*&lt;c&gt;.*&lt;d&gt;/s);
  assert.doesNotMatch(html, /<[acd]>/);
});
