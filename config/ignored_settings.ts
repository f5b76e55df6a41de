/** Tells settings that a combination of model and updater does not use, though the command line takes them. */
import type { ModelFeature } from "../core/program/model.ts";
import type { Catalogue } from "./catalogue.ts";
import type { EntryNames } from "./run_config.ts";

const reasonsWithout: Readonly<Record<ModelFeature, (model: string) => string>> = {
  fastWeights: () => "it acts on fast weights only",
  selfGradient: (model) => `model ${model} has no self-gradient layer`,
};

/** Why a setting has no effect with these entries; undefined if it has one. */
export function whyIgnored(
  key: string,
  { model, updater }: EntryNames,
  catalogue: Catalogue,
): string | undefined {
  const updaters = Object.values(catalogue.choices("updater"));
  const users = updaters.filter(({ actsOn }) => Object.hasOwn(actsOn, key));
  const [user] = users;
  if (users.length === 1 && user!.name !== updater) {
    return `it acts in updater ${user!.name} only`;
  }
  const { features } = catalogue.find("model", model);
  const feature = user?.actsOn[key];
  if (feature !== undefined && !features.includes(feature)) return reasonsWithout[feature](model);
  const { unusedWithFastWeights } = catalogue.find("updater", updater);
  return features.includes("fastWeights") && unusedWithFastWeights.includes(key)
    ? `updater ${updater} takes plain steps on fast weights`
    : undefined;
}

/** A typed setting that does nothing, and why. */
export interface IgnoredSetting {
  /** As it was typed. */
  readonly origin: string;
  readonly reason: string;
}

/** A line for each reason, which names the settings. */
export function ignoredNotes(ignored: readonly IgnoredSetting[]): string[] {
  const reasons = new Set(ignored.map(({ reason }) => reason));
  return [...reasons].map((reason) => {
    const origins = ignored.filter((other) => other.reason === reason).map(({ origin }) => origin);
    const [only, ...others] = origins;
    return others.length === 0
      ? `note: ${only} is ignored: ${reason}`
      : `note: ${origins.join(", ")} are ignored: ${reason.replace(/^it /, "each ")}`;
  });
}
