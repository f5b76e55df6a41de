/** The schema of settings, as far as anything in core needs one. */

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
