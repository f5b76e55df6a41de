/**
 * The tree-structured Parzen estimator (TPE; Bergstra, Bardenet, Bengio and Kégl 2011, NeurIPS 24): points are
 * drawn from the density of the good trials, and the one is taken at which it is highest over that of the others.
 *
 * A density is a mixture of the prior and a kernel at each trial, over all parameters at once. Parameters with
 * an order are shares of their prior between 0 and 1 (`shareOf`), with normal kernels that end at 0 and 1; others
 * have kernels that keep the value of the trial or draw it anew.
 */
import { normalTail } from "../../core/numerics/float64_functions.ts";
import { type RandomStream, randomStream, streamOf } from "../../core/random.ts";
import { isOrdered, shareOf, valueAt } from "./domain.ts";
import { randomPoint, share } from "./random_point.ts";
import type { Request } from "./request.ts";
import { searched } from "./space.ts";
import { rankTrials } from "./standing.ts";
import type { Choice, Parameter, SweepFile } from "./sweep_file.ts";
import type { JsonValue, Trial } from "./trial.ts";

/** Trials that are drawn at random before any are judged. */
const firstTrials = 6;
/** Share of the judged trials that are the good ones. */
const goodShare = 0.15;
/** Points of which the best is taken. */
const candidates = 24;
/** Width of a kernel of one trial, of the range of a parameter. */
const width = 0.2;

type Values = Trial["values"];

/** Values of one parameter near that of a trial. */
interface Kernel {
  draw(random: RandomStream): JsonValue;
  /** Relative to the prior. @param place of a value, as its dimension has it. */
  density(place: number): number;
}

/** A parameter as mixtures see it. */
interface Dimension {
  readonly path: string;
  /** The share that a value stands for; without an order its number in the list. */
  placeOf(value: JsonValue): number;
  prior(random: RandomStream): JsonValue;
  /** @param centre place of the value of a trial. */
  kernel(centre: number): Kernel;
}

/** The point of a trial; undefined if all that were drawn are taken. */
export function tpePoint(file: SweepFile, request: Request): Values | undefined {
  const { seed, number, known, isTaken } = request;
  const judged = rankTrials(file, known).map(({ trial }) => trial);
  if (judged.length < firstTrials) return randomPoint(file, request);
  const good = judged.slice(0, Math.ceil(goodShare * judged.length)).map(({ values }) => values);
  const goodNumbers = new Set(judged.slice(0, good.length).map(({ number }) => number));
  const bad = known.filter(({ trial }) => !goodNumbers.has(trial.number))
    .map(({ trial }) => trial.values);
  const parameters = searched(file);
  const of = (centres: readonly Values[]) => mixture(parameters, centres);
  const [better, worse] = [of(good), of(bad)];
  const random = randomStream({ seed, stream: streamOf("tpe"), step: number });
  const constants = Object.fromEntries(
    file.parameters.map(({ path, domain }) => [path, valueAt(domain, 0.5)]),
  );
  let best: { values: Values; score: number } | undefined;
  for (let candidate = 0; candidate < candidates; candidate++) {
    const values = { ...constants, ...better.draw(random) };
    if (isTaken(values)) continue;
    const score = Math.log(better.density(values)) - Math.log(worse.density(values));
    if (!best || score > best.score) best = { values, score };
  }
  return best?.values ?? randomPoint(file, request);
}

/**
 * The mixture of the prior and a kernel at each centre, all with equal weights.
 *
 * @returns `draw` a point of it; `density` at a point, over that of the prior.
 */
export function mixture(parameters: readonly Parameter[], centres: readonly Values[]) {
  const dimensions = parameters.map((parameter) =>
    isOrdered(parameter.domain)
      ? ordered(parameter, { centres: centres.length, dimensions: parameters.length })
      : unordered(parameter, centres.length)
  );
  const kernels = centres.map((values) =>
    dimensions.map(({ path, placeOf, kernel }) => kernel(placeOf(values[path]!)))
  );
  const parts = centres.length + 1;
  return {
    draw(random: RandomStream): Values {
      const centre = kernels[random.below(parts)];
      return Object.fromEntries(
        dimensions.map(({ path, prior }, n) => [path, (centre ? centre[n]!.draw : prior)(random)]),
      );
    },
    density(values: Values): number {
      const places = dimensions.map(({ path, placeOf }) => placeOf(values[path]!));
      return kernels.reduce(
        (sum, kernel) =>
          sum + kernel.reduce((product, { density }, n) => product * density(places[n]!), 1),
        1,
      ) / parts;
    },
  };
}

/** Kernels get narrower with more of them, by Scott's rule (1992, Multivariate Density Estimation). */
function ordered(
  { path, domain }: Parameter,
  { centres, dimensions }: { centres: number; dimensions: number },
): Dimension {
  const deviation = width * Math.max(1, centres) ** (-1 / (dimensions + 4));
  return {
    path,
    placeOf: (value) => shareOf(domain, value),
    prior: (random) => valueAt(domain, share(random)),
    kernel(centre) {
      // What the ends cut off is missing from the normal distribution.
      const inside = 1 - tailAt(centre / deviation) - tailAt((1 - centre) / deviation);
      const scale = 1 / (Math.sqrt(2 * Math.PI) * deviation * inside);
      return {
        draw(random) {
          let place: number;
          do place = centre + deviation * random.normal(); while (place <= 0 || place >= 1);
          return valueAt(domain, place);
        },
        density: (place) => scale * Math.exp(-(((place - centre) / deviation) ** 2) / 2),
      };
    },
  };
}

/** P(Z > z) of a standard normal Z and z >= 0. */
const tailAt = (z: number): number => normalTail(Math.min(z, 40));

/** A kernel draws a value anew with the weight of one trial a value, of all trials and values. */
function unordered({ path, domain }: Parameter, centres: number): Dimension {
  const { values, probabilities } = domain as Choice;
  const anew = values.length / (values.length + centres);
  const keys = values.map((value) => JSON.stringify(value));
  const prior = (random: RandomStream) => valueAt(domain, share(random));
  return {
    path,
    placeOf: (value) => keys.indexOf(JSON.stringify(value)),
    prior,
    kernel: (centre) => ({
      draw: (random) => share(random) < anew || centre < 0 ? prior(random) : values[centre]!,
      density: (place) => anew + (place === centre ? (1 - anew) / probabilities[centre]! : 0),
    }),
  };
}
