/** `results.json`: the numbers of the report. */
import { type Comparison, headline, type NetworkResult } from "./results.ts";
import { type Method, publishedMethod, referenceUpdates } from "./configurations.ts";
import { isPublished } from "./method_note.ts";

export function resultsFile(
  networks: readonly NetworkResult[],
  { comparisons, method }: { comparisons: readonly Comparison[]; method: Method },
): object {
  return {
    experiment: "hybrid",
    headline: headline(networks),
    updates: referenceUpdates,
    optimizer: method.optimizer,
    optimizer_of_nonl_ro: { ...method.optimizer, ...method.fixedReadout },
    initial_rates: method.initialRates,
    published_optimizer: publishedMethod.optimizer,
    published_initial_rates: publishedMethod.initialRates,
    method_is_published: isPublished(method),
    reference_source: "read from published figures, one run a network",
    configurations: networks.map((
      { configuration, parameters, runs, levels, referenceAt, verdict, ...rest },
    ) => ({
      name: configuration.name,
      network_type: configuration.networkType,
      plastic_types: configuration.plasticTypes,
      hidden_dims: configuration.hiddenDims,
      parameters,
      reference: configuration.reference,
      reference_is_bound: configuration.referenceIsBound,
      verdict,
      median: Number.isNaN(rest.median) ? null : rest.median,
      seconds: runs.seconds,
      seeds: runs.seeds.map(({ seed, run, updates, sequences, passed }, index) => ({
        seed,
        run,
        updates,
        movies: sequences,
        passed: levels[index],
        reference_passed_at: referenceAt[index] ?? null,
        passed_at: passed,
      })),
    })),
    comparisons: comparisons.map(({ readout, layer, sizes, difference, interval, seeds }) => ({
      readout,
      layer,
      hidden_dims: sizes,
      difference_of_medians: difference,
      interval_95: interval ?? null,
      seeds,
    })),
  };
}
