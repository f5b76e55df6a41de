/**
 * The settings of a config by their paths, such as `model.hidden_size`. Hashes of code are none, and a sweep is not
 * one setting but several.
 *
 * @param config as `config.json` holds it.
 */
export function settingsByPath(config: object): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const [section, values] of Object.entries(config)) {
    if (section === "code" || typeof values !== "object" || values === null) continue;
    for (const [key, value] of Object.entries(values)) settings[`${section}.${key}`] = value;
  }
  delete settings["training.sweep"];
  return settings;
}
