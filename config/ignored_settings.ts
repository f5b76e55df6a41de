/** Tells settings that a combination of model and updater does not use, though the command line takes them. */
import type { ModelFeature } from "../core/program/model.ts";
import { models } from "../models/mod.ts";
import { updaters } from "../updaters/mod.ts";
import type { EntryNames } from "./run_config.ts";

const reasonsWithout: Readonly<Record<ModelFeature, (model: string) => string>> = {
  fastWeights: () => "it acts on fast weights only",
  selfGradient: (model) => `model ${model} has no self-gradient layer`,
};

/** Why a setting has no effect with these entries; undefined if it has one. */
export function whyIgnored(key: string, { model, updater }: EntryNames): string | undefined {
  const users = Object.values(updaters).filter(({ actsOn }) => Object.hasOwn(actsOn, key));
  const [user] = users;
  if (users.length === 1 && user!.name !== updater) {
    return `it acts in updater ${user!.name} only`;
  }
  const { features } = models[model]!;
  const feature = user?.actsOn[key];
  if (feature !== undefined && !features.includes(feature)) return reasonsWithout[feature](model);
  return features.includes("fastWeights") && updaters[updater]!.unusedWithFastWeights.includes(key)
    ? `updater ${updater} takes plain steps on fast weights`
    : undefined;
}
