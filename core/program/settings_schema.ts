/** The schema of settings, as far as anything in core needs one. */
import { beyondFloat32, float32Range } from "./float32_range.ts";

/**
 * Checks settings and fills in what is missing. Any schema with a typed `parse` is one, a zod schema
 * for example. The type of the settings flows from here into a model, a learning rule or a task. Help,
 * config files and the command line read the fields of a zod object; a script needs none of them.
 *
 * @example
 * import { z } from "zod"; // or "npm:zod@4"
 * const config: SettingsSchema<{ units: number }> = z.strictObject({ units: z.int().default(8) });
 */
export interface SettingsSchema<Settings = unknown> {
  /**
   * The settings, complete.
   *
   * @throws the schema's error (ZodError) if the input does not fit.
   */
  parse(input: unknown): Settings;
}

/**
 * The settings of a model, task or learning rule, complete.
 *
 * @param owner such as "Model rnn", for the error.
 * @throws the schema's error if the input does not fit; RangeError for a number that float32 does not hold.
 */
export function checkedSettings<Settings>(
  schema: SettingsSchema<Settings>,
  input: unknown,
  owner: string,
): Settings {
  const settings = schema.parse(input);
  const beyond = beyondFloat32(settings);
  if (!beyond) return settings;
  const { path, value } = beyond;
  throw new RangeError(`${owner}: ${path.join(".")}: expected ${float32Range}, got ${value}`);
}
