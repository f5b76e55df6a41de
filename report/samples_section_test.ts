import assert from "node:assert/strict";
import { samplesSchema } from "../analysis/samples/samples_file.ts";
import { samplesSection } from "./samples_section.ts";

Deno.test("samples: texts stand behind their beginnings, in one line, and hold no markup", () => {
  const texts = [{ prompt: "<b", text: "<b>&\nc\u202e" }];
  const section = samplesSection({ networks: [{ label: "seed 1", temperature: 0.5, texts }] });
  assert.match(section, /<h3>At temperature 0\.5<\/h3>/);
  assert.ok(section.includes("<li><b>&lt;b</b>&gt;&amp;↵c\\u202e</li>"), section);
  assert.ok(!section.includes("seed 1"));
  const two = samplesSection({
    networks: ["<one>", "two"].map((label) => ({ label, temperature: 1, texts })),
  });
  assert.match(two, /<h3>&lt;one&gt;, at temperature 1<\/h3>[^]*<h3>two, at temperature 1<\/h3>/);
  assert.equal(samplesSection(samplesSchema.parse({})), "");
});
