/** Settings that the published command line always takes, and that some combinations leave unused. */
import type { ModelFeature } from "../core/program/model.ts";
import { models } from "../models/mod.ts";
import { updaters } from "../updaters/mod.ts";
import type { EntryNames } from "./run_config.ts";

const lacking: Readonly<Record<ModelFeature, (model: string) => string>> = {
  fastWeights: () => "it acts on fast weights only",
  selfGradient: (model) => `model ${model} has no self-gradient layer`,
};

/** Why a setting does nothing with these entries, or undefined if it acts. */
export function whyIgnored(key: string, { model, updater }: EntryNames): string | undefined {
  const takers = Object.values(updaters).filter(({ actsOn }) => Object.hasOwn(actsOn, key));
  const [taker] = takers;
  if (takers.length === 1 && taker!.name !== updater) {
    return `it acts in updater ${taker!.name} only`;
  }
  const { features } = models[model]!;
  const feature = taker?.actsOn[key];
  if (feature !== undefined && !features.includes(feature)) return lacking[feature](model);
  return features.includes("fastWeights") && updaters[updater]!.unusedWithFastWeights.includes(key)
    ? `updater ${updater} takes plain steps on fast weights`
    : undefined;
}
