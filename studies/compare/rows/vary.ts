/** Settings whose values are all compared: `--vary model.enable_recurrence=true,false`. */
import type { Assignment } from "../../../config/assignment.ts";
import { setAssignment } from "../../../config/config_file.ts";
import { splitList } from "../../../config/split_list.ts";
import { quote } from "../../../config/plain_text.ts";
import { UsageError } from "../../../config/usage_error.ts";

/** A setting, with an assignment of each of its values. */
export interface VariedSetting {
  readonly path: string;
  readonly assignments: readonly Assignment[];
}

/**
 * Reads the settings that are varied.
 *
 * @param texts `section.key=value,value`; commas in brackets belong to one value.
 * @throws UsageError for another form, a value that is there twice, or a setting given twice.
 */
export function readVaried(texts: readonly string[]): VariedSetting[] {
  const varied = new Map<string, VariedSetting>();
  for (const text of texts) {
    const [, path, list = ""] = /^(\w{1,60}\.\w{1,60})=(.*)$/s.exec(text) ?? [];
    const values = splitList(list);
    if (path === undefined || values.length === 0) {
      throw new UsageError(
        `--vary: expected a setting and its values, such as model.hidden_size=32,64, got ${
          quote(text)
        }`,
      );
    }
    const seen = new Set<string>();
    const twice = values.find((value) => seen.size === seen.add(value).size);
    if (twice !== undefined) throw new UsageError(`--vary ${path}: ${quote(twice)} is given twice`);
    if (varied.has(path)) throw new UsageError(`--vary ${path}: it is given twice`);
    if (path.endsWith(".name")) {
      const section = path.split(".")[0]!;
      const option = section === "task"
        ? "one task is compared, given by --task"
        : `names are given by --${section}s`;
      throw new UsageError(`--vary ${path}: ${option}`);
    }
    const origin = `--vary ${path}`;
    const assignments = values.map((value) => ({ ...setAssignment(`${path}=${value}`), origin }));
    varied.set(path, { path, assignments });
  }
  return [...varied.values()];
}

/** All combinations; the last setting varies fastest. Without settings there is one, which sets nothing. */
export const combinationsOf = (varied: readonly VariedSetting[]): Assignment[][] =>
  varied.reduce<Assignment[][]>(
    (combinations, { assignments }) =>
      combinations.flatMap((others) => assignments.map((assignment) => [...others, assignment])),
    [[]],
  );
