/** The task, model and updater that a command line leads to, for help and completion about them alone. */
import type { Assignment } from "../../config/assignment.ts";
import { type Catalogue, entrySections } from "../../config/catalogue.ts";
import { choosePreset, findNames, findPreset } from "../../config/entry_names.ts";
import { type TypedNames, valuesOf } from "./entry_files.ts";
import { type EntryChoice, nameFlags } from "./flags.ts";

/**
 * The entries that a run would have; undefined if none is named, nor a preset.
 *
 * @throws UsageError for a name that nobody has.
 */
export function chooseEntries(
  typed: TypedNames,
  { args, catalogue }: { args: readonly string[]; catalogue: Catalogue },
): EntryChoice | undefined {
  const presetName = valuesOf(args, ["--preset"]).at(-1);
  const assignments = entrySections.flatMap((section): Assignment[] => {
    const value = typed[section];
    const [origin] = nameFlags[section];
    return value === undefined ? [] : [{ section, key: "name", value, isText: true, origin }];
  });
  if (assignments.length === 0 && presetName === undefined) return undefined;
  const preset = presetName === undefined
    ? choosePreset(assignments, catalogue)
    : findPreset(presetName);
  return { names: findNames(assignments, preset.names, catalogue), preset };
}
