/** Completes settings that are typed by their path: `model.hidden_size=64`. */
import type { Suggestion } from "@optique/core/parser";
import type { SettingFlag } from "./flags.ts";
import { literals } from "../completion/values.ts";

/** Paths of settings, or after `=` their values. */
export function suggestSettings(prefix: string, flags: readonly SettingFlag[]): Suggestion[] {
  const settings = flags.filter(({ isHidden }) => !isHidden);
  const [path, value] = prefix.split("=", 2);
  if (value === undefined) {
    return literals(settings.map(({ section, key }) => `${section}.${key}=`), prefix);
  }
  const flag = settings.find(({ section, key }) => `${section}.${key}` === path);
  return literals((flag?.choices ?? []).map((choice) => `${path}=${choice}`), prefix);
}
