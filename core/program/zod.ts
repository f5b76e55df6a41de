/** The schemas of settings. */
import { z as zod } from "../../deps/zod.ts";

/**
 * Makes schemas of settings: zod's `z` (https://zod.dev), so that a file of one's own needs no second import.
 * For types, `SettingsOf` stands for `z.output`.
 *
 * @example
 * const config = z.strictObject({ units: z.int().min(1).default(8).describe("Hidden units") });
 */
export const z: typeof zod = zod;
