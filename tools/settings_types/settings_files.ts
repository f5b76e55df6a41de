/** The files of settings types, one a table, as text. */
import { z } from "../../deps/zod.ts";
import { models } from "../../models/mod.ts";
import { tasks } from "../../tasks/mod.ts";
import { updaters } from "../../updaters/mod.ts";
import { optimizerConfig } from "../../updaters/optimizers/config.ts";
import { plasticConfig } from "../../updaters/plastic_settings.ts";
import { interfaceOf, type SettingsEntry, type SharedSettings } from "./interface_text.ts";

interface Table {
  readonly path: string;
  /** What its entries are called in a sentence. */
  readonly word: string;
  /** What stands between the name of an entry and `Settings`. */
  readonly infix: string;
  /** Types that settings have beside those of JSON: name and file. */
  readonly imports: readonly (readonly [type: string, file: string])[];
  readonly shared: readonly SharedSettings[];
  readonly entries: Readonly<Record<string, SettingsEntry>>;
}

const tables: readonly Table[] = [
  {
    path: "models/settings.ts",
    word: "model",
    infix: "",
    imports: [],
    shared: [],
    entries: models,
  },
  {
    path: "updaters/settings.ts",
    word: "updater",
    infix: "",
    imports: [["Optimizer", "./optimizers/transform.ts"], ["Schedule", "./optimizers/schedule.ts"]],
    shared: [
      { typeName: "OptimizerSettings", owner: "the optimizer of a rule", shape: optimizerConfig },
      {
        typeName: "FastLayerSettings",
        owner: "rules that train fast layers",
        shape: plasticConfig,
      },
    ],
    entries: updaters,
  },
  {
    path: "tasks/settings.ts",
    word: "task",
    infix: "Task",
    imports: [],
    shared: [],
    entries: tasks,
  },
];

/** The text of each file, by its path from the root of the repository. */
export const settingsFiles = (): Map<string, string> =>
  new Map(tables.map((table) => [table.path, textOf(table)]));

function textOf({ word, infix, imports, shared, entries }: Table): string {
  const head = [
    "/**",
    ` * Types of the settings of every ${word}, as a user gives them. Written by`,
    " * `deno task settings` from the schemas of the table.",
    " */",
    ...imports.map(([type, file]) => `import type { ${type} } from "${file}";`),
  ].join("\n");
  const bases = shared.map(({ typeName, owner, shape }) =>
    interfaceOf(typeName, owner, { config: z.strictObject(shape) })!
  );
  const interfaces = Object.entries(entries).flatMap(([name, entry]) => {
    const typeName = `${pascal(name)}${infix}Settings`;
    const text = interfaceOf(typeName, `\`${name}\` (${word})`, entry, shared);
    return text === undefined ? [] : [text];
  });
  return `${[head, ...bases, ...interfaces].join("\n\n")}\n`;
}

const pascal = (name: string): string =>
  name.split("_").map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
