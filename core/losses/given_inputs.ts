/** A loss as far as a task gives what it reads. */
import { definedAt, definitionPlace } from "../code_place.ts";
import type { InputDeclarations } from "../program/input.ts";
import type { Loss } from "./loss.ts";
import { metricsOf } from "./metric_facts.ts";

/** The loss without the metrics that need inputs which are not given; the loss itself if none do. */
export function withGivenInputs(loss: Loss, given: InputDeclarations): Loss {
  const isMeant = ([, { needs = [] }]: ReturnType<typeof metricsOf>[number]) =>
    needs.every((name) => Object.hasOwn(given, name));
  const all = metricsOf(loss);
  if (all.every(isMeant)) return loss;
  const kept = all.filter(isMeant).map(([name]) => [name, loss.metrics[name]!]);
  const shorter = { ...loss, metrics: Object.fromEntries(kept) };
  return definedAt(shorter, () => definitionPlace(loss));
}
