/** Rows of all models with all learning rules. */
import type { Assignment, SectionName } from "../../../config/assignment.ts";
import { tablesOnly } from "../../../config/catalogue.ts";
import { choosePreset, findNames } from "../../../config/entry_names.ts";
import { quote } from "../../../config/plain_text.ts";
import { splitList } from "../../../config/split_list.ts";
import { UsageError } from "../../../config/usage_error.ts";
import type { Draft } from "../row.ts";

/**
 * A draft for each model and updater; models change slowest.
 *
 * @param options lists of names as typed; undefined: the one that fits the task.
 * @throws UsageError for a name that does not exist, or is there twice.
 */
export function productOf(
  { task, models, updaters }: {
    readonly task: string | undefined;
    readonly models: string | undefined;
    readonly updaters: string | undefined;
  },
): Draft[] {
  const tasks = task === undefined ? [] : [nameOf("task", task, "--task")];
  return namesOf("model", models, "--models").flatMap((model) =>
    namesOf("updater", updaters, "--updaters").map((updater): Draft => {
      const own = [...tasks, ...model, ...updater];
      const names = findNames(own, choosePreset(own, tablesOnly).names, tablesOnly);
      return { title: `${names.model}, ${names.updater}`, own };
    })
  );
}

const nameOf = (section: SectionName, value: string, origin: string): Assignment => ({
  section,
  key: "name",
  value,
  isText: true,
  origin,
});

/** An assignment of each name; without a list one that is none. */
function namesOf(section: SectionName, list: string | undefined, origin: string): Assignment[][] {
  if (list === undefined) return [[]];
  const names = splitList(list);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new UsageError(`${origin}: ${quote(twice)} is given twice`);
  if (names.length === 0) {
    throw new UsageError(`${origin}: expected names with commas between, got ${quote(list)}`);
  }
  return names.map((name) => [nameOf(section, name, origin)]);
}
