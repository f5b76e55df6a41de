/** The schema of settings, as far as anything in core needs one. */

/**
 * Checks settings and fills in what is missing. Any schema with a typed `parse` is one, a zod schema
 * for example. The types flow from here into a model, a learning rule or a task: `Settings` into what its
 * author writes, `Input`, in which settings with defaults are optional, into what its users call. Help,
 * config files and the command line read the fields of a zod object; a script needs none of them.
 *
 * @example
 * import { z } from "zod"; // or "npm:zod@4"
 * const config: SettingsSchema<{ units: number }> = z.strictObject({ units: z.int().default(8) });
 */
export interface SettingsSchema<Settings = unknown, Input = unknown> {
  /**
   * The settings, complete.
   *
   * @throws the schema's error (ZodError) if the input does not fit.
   */
  parse(input: unknown): Settings;
  /** Types alone: where a schema that follows standardschema.dev, as zod does, states both. */
  readonly "~standard"?: {
    readonly types?: { readonly input: Input; readonly output: Settings } | undefined;
  };
}

/**
 * The settings of a schema, complete, as a type.
 *
 * @example
 * const config = z.strictObject({ units: z.int().default(8) });
 * const layerSizes = ({ units }: SettingsOf<typeof config>) => [units, 2 * units];
 */
export type SettingsOf<Schema> = Schema extends SettingsSchema<infer Settings, infer _Input>
  ? Settings
  : never;
