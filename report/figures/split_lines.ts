/** A metric over training: on the sequences trained on, and on held-out ones. */
import type { RunFiles } from "../run_files.ts";
import { colours } from "./chart.ts";
import { readCurve } from "./curve.ts";
import type { Line } from "./draw_curves.ts";

const splits = [
  { split: "train", label: "training", colour: colours.train },
  { split: "eval", label: "held out", colour: colours.heldOut },
] as const;

export function splitLines({ metrics, sweep }: RunFiles, name: string): Line[] {
  return splits.flatMap(({ split, label, colour }) => {
    const curve = readCurve(metrics, `${split}/${name}`, sweep);
    return curve ? [{ label, colour, curve }] : [];
  });
}
