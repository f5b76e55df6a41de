import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { explainedProgram, parts } from "./explain.ts";

const document = Deno.readTextFileSync(
  fileURLToPath(new URL("../../ARCHITECTURE.md", import.meta.url)),
);
const program = await explainedProgram("plastic_rnn", ["inputs=8"]);

/** The lines of the block that quotes a part of an explanation; "..." stands for any others. */
function quoted(part: string): string[] {
  const [, block] = document.match(new RegExp(`\`\`\`${part}\n(.*?)\n\`\`\``, "s")) ?? [];
  assert.ok(block !== undefined, `ARCHITECTURE.md has no block \`\`\`${part}`);
  return block.split("\n").map((line) => line.trim()).filter((line) => line !== "...");
}

for (const [part, textOf] of Object.entries(parts)) {
  Deno.test(`ARCHITECTURE.md quotes what is made: ${part}`, () => {
    const lines = textOf(program).split("\n").map((line) => line.trim());
    let from = 0;
    for (const line of quoted(part)) {
      const at = lines.indexOf(line, from);
      assert.ok(at >= 0, `not in the ${part} any more, or not in this order: ${line}`);
      from = at + 1;
    }
  });
}
