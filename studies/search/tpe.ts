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
import type { Parameter, SweepFile } from "./sweep_file.ts";
import type { Trial } from "./trial.ts";

/** Trials that are drawn at random before any are judged. */
const firstTrials = 6;
/** Share of the judged trials that are the good ones. */
const goodShare = 0.15;
/** Points of which the best is taken. */
const candidates = 24;
/** Width of a kernel of one trial, of the range of a parameter. */
const width = 0.2;

type Values = Trial["values"];

/** A parameter as kernels see it. */
interface Dimension {
  readonly parameter: Parameter;
  /** A value near that of a trial. */
  draw(centre: Values, random: RandomStream): Values[string];
  /** Density of the kernel of a trial, relative to the prior. */
  density(centre: Values, values: Values): number;
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

/** The mixture of the prior and a kernel at each centre, all with equal weights. */
function mixture(parameters: readonly Parameter[], centres: readonly Values[]) {
  const dimensions = parameters.map((parameter): Dimension =>
    isOrdered(parameter.domain)
      ? ordered(parameter, { centres: centres.length, dimensions: parameters.length })
      : unordered(parameter, centres.length)
  );
  const parts = centres.length + 1;
  return {
    draw(random: RandomStream): Values {
      const centre = centres[random.below(parts)];
      return Object.fromEntries(dimensions.map((dimension) => {
        const { parameter: { path, domain } } = dimension;
        const value = centre ? dimension.draw(centre, random) : valueAt(domain, share(random));
        return [path, value];
      }));
    },
    density: (values: Values): number =>
      centres.reduce(
        (sum, centre) =>
          sum + dimensions.reduce((product, { density }) => product * density(centre, values), 1),
        1,
      ) / parts,
  };
}

/** Kernels get narrower with more of them, by Scott's rule (1992, Multivariate Density Estimation). */
function ordered(
  parameter: Parameter,
  { centres, dimensions }: { centres: number; dimensions: number },
): Dimension {
  const { path, domain } = parameter;
  const deviation = width * Math.max(1, centres) ** (-1 / (dimensions + 4));
  const at = (values: Values) => shareOf(domain, values[path]!);
  const inside = (mean: number) => 1 - tailAt(mean / deviation) - tailAt((1 - mean) / deviation);
  return {
    parameter,
    draw(centre, random) {
      const mean = at(centre);
      let drawn: number;
      do drawn = mean + deviation * random.normal(); while (drawn <= 0 || drawn >= 1);
      return valueAt(domain, drawn);
    },
    density(centre, values) {
      const mean = at(centre);
      const z = (at(values) - mean) / deviation;
      return Math.exp(-z * z / 2) / (Math.sqrt(2 * Math.PI) * deviation * inside(mean));
    },
  };
}

/** P(Z > z) of a standard normal Z and z >= 0. */
const tailAt = (z: number): number => normalTail(Math.min(z, 40));

/** A kernel draws a value anew with the weight of one trial a value, of all trials and values. */
function unordered(parameter: Parameter, centres: number): Dimension {
  const { path, domain } = parameter;
  const values = domain.kind === "choice" ? domain.values : [];
  const probabilities = domain.kind === "choice" ? domain.probabilities : [];
  const anew = values.length / (values.length + centres);
  const keys = values.map((value) => JSON.stringify(value));
  return {
    parameter,
    draw: (centre, random) => share(random) < anew ? valueAt(domain, share(random)) : centre[path]!,
    density(centre, { [path]: value }) {
      const key = JSON.stringify(value);
      const isKept = JSON.stringify(centre[path]) === key;
      return anew + (isKept ? (1 - anew) / probabilities[keys.indexOf(key)]! : 0);
    },
  };
}
