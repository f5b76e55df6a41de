/**
 * What the fast weights of the published rule hold on 3_palindrome_vary: trains the networks unless they are
 * there, looks inside, and writes the figures and numbers of docs/results/reversal_inside.md beside it.
 *
 *     deno run -A tools/reversal/inside.ts [FOLDER]     # of the trainings; default: runs/reversal
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Course,
  evidenceFigure,
  growthFigure,
  influenceFigure,
  maskFigure,
  recallFigure,
} from "./figures.ts";
import {
  growthNow,
  lookAtMask,
  lookInside,
  type Masked,
  networksOf,
  recallNow,
} from "./measurements.ts";
import { bestRecall, OBSERVERS } from "./observers.ts";
import { tablesOf } from "./tables.ts";
import { allTexts } from "./texts.ts";
import { type Moment, type Training, trainings, trainNetworks } from "./train_networks.ts";

const folder = Deno.args[0] ?? "runs/reversal";
const results = fileURLToPath(new URL("../../docs/results/", import.meta.url));

const trained = async (name: keyof typeof trainings) => {
  const training: Training = trainings[name];
  const moments = await trainNetworks(training, join(folder, name));
  const last = networksOf(training, moments.at(-1)!);
  return { training, moments, last };
};

const courseOf = ({ training, moments }: { training: Training; moments: Moment[] }): Course => ({
  sequences: moments.map(({ sequences }) => sequences),
  growth: moments.map((moment) => networksOf(training, moment).map(growthNow)),
  loss: moments.map(({ measured }) => measured["test/loss"]!),
});

const lowRate = await trained("low_rate"), defaults = await trained("defaults");
const memory = await trained("memory");
const maskedNetworks = async (names: Readonly<Record<string, keyof typeof trainings>>) => {
  const found: Record<string, Masked[]> = {};
  for (const [name, of] of Object.entries(names)) {
    found[name] = (await trained(of)).last.map(lookAtMask);
  }
  return found;
};
const masks = await maskedNetworks({
  "random": "share_10",
  "of units": "mask_units",
  "of inputs": "mask_inputs",
});
const shares = await maskedNetworks({
  ".03": "share_3",
  ".1": "share_10",
  ".3": "share_30",
  ".6": "share_60",
  ".9": "share_90",
});
const inside = lowRate.last.map(lookInside);
const courses = { "low rate": courseOf(lowRate), "defaults": courseOf(defaults) };
const recalls = {
  "published rule": inside.map(({ recall }) => recall),
  "plasticity off": inside.map(({ recallOff }) => recallOff),
  "with memory": memory.last.map(recallNow),
};
const texts = allTexts();
const observers = Object.fromEntries(
  Object.entries(OBSERVERS).map(([name, knows]) => [name, bestRecall(texts, knows)]),
);

const files = {
  "recall.svg": recallFigure(recalls),
  "evidence.svg": evidenceFigure(inside),
  "influence.svg": influenceFigure(inside),
  "mask.svg": maskFigure(inside, { masks, shares }),
  "growth.svg": growthFigure(courses),
  "numbers.md": tablesOf({ inside, recalls, masks, shares, observers, courses }),
};
for (const [name, text] of Object.entries(files)) {
  Deno.writeTextFileSync(join(results, `reversal_inside_${name}`), text);
}
