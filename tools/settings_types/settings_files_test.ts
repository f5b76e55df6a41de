/** The written types of settings are those of the schemas. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { z } from "../../deps/zod.ts";
import { interfaceOf } from "./interface_text.ts";
import { settingsFiles } from "./settings_files.ts";

for (const [path, text] of settingsFiles()) {
  Deno.test(`${path} is what deno task settings writes`, () => {
    const file = fileURLToPath(new URL(`../../${path}`, import.meta.url));
    assert.equal(Deno.readTextFileSync(file), text);
  });
}

Deno.test("settings as an interface: types, defaults, sizes that a task gives", () => {
  const config = z.strictObject({
    symbols: z.int().describe("C, symbols"),
    words: z.array(z.enum(["a", "b"])).default(["a", "b"]).describe("Words"),
    rate: z.number().describe("Rate"),
    one: z.literal(1).optional().describe("One."),
  });
  assert.equal(
    interfaceOf("OwnSettings", "`own`", { config, fromTask: ["symbols"] }),
    [
      "/** Settings of `own`; one with a default may be left out. */",
      "export interface OwnSettings {",
      "  /** C, symbols. */",
      "  readonly symbols?: number;",
      '  /** Words. Default: ["a", "b"]. */',
      '  readonly words?: readonly ("a" | "b")[];',
      "  /** Rate. */",
      "  readonly rate: number;",
      "  /** One. */",
      "  readonly one?: 1;",
      "}",
    ].join("\n"),
  );
  assert.equal(interfaceOf("NoneSettings", "`none`", { config: z.strictObject({}) }), undefined);
  const date = z.strictObject({ day: z.date() });
  assert.throws(() => interfaceOf("DaySettings", "`day`", { config: date }), /No type is written/);
});
