/** The files of settings types, one a table, as text. */
import { models } from "../../models/mod.ts";
import { tasks } from "../../tasks/mod.ts";
import { updaters } from "../../updaters/mod.ts";
import { interfaceOf, type SettingsEntry } from "./interface_text.ts";

interface Table {
  readonly path: string;
  /** What its entries are called in a sentence. */
  readonly word: string;
  /** What stands between the name of an entry and `Settings`. */
  readonly infix: string;
  /** Types that settings have beside those of JSON: name and file. */
  readonly imports: readonly (readonly [type: string, file: string])[];
  readonly entries: Readonly<Record<string, SettingsEntry>>;
}

const tables: readonly Table[] = [
  { path: "models/settings.ts", word: "model", infix: "", imports: [], entries: models },
  {
    path: "updaters/settings.ts",
    word: "updater",
    infix: "",
    imports: [["Optimizer", "./optimizers/transform.ts"], ["Schedule", "./optimizers/schedule.ts"]],
    entries: updaters,
  },
  { path: "tasks/settings.ts", word: "task", infix: "Task", imports: [], entries: tasks },
];

/** The text of each file, by its path from the root of the repository. */
export const settingsFiles = (): Map<string, string> =>
  new Map(tables.map((table) => [table.path, textOf(table)]));

function textOf({ word, infix, imports, entries }: Table): string {
  const head = [
    "/**",
    ` * Types of the settings of every ${word}, as a user gives them. Written by`,
    " * `deno task settings` from the schemas of the table.",
    " */",
    ...imports.map(([type, file]) => `import type { ${type} } from "${file}";`),
  ].join("\n");
  const interfaces = Object.entries(entries).flatMap(([name, entry]) => {
    const text = interfaceOf(`${pascal(name)}${infix}Settings`, `\`${name}\` (${word})`, entry);
    return text === undefined ? [] : [text];
  });
  return `${[head, ...interfaces].join("\n\n")}\n`;
}

const pascal = (name: string): string =>
  name.split("_").map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
