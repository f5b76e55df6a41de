/** Writes separate image files: a folder for each R, a file for each kind of matrix. */
import { join } from "node:path";
import { writeFileAtomic } from "../../../core/run/atomic_file.ts";
import type { Matrix, MatrixSeries, NetworkView } from "../network_view.ts";
import type { ImageKind } from "../options.ts";
import { drawPng } from "./draw_png.ts";
import { drawSheet, type Sheet } from "./draw_sheet.ts";
import { drawSvg } from "./draw_svg.ts";

const clipped = "colours clipped at mean ± 2 sd";

/** @returns the paths written. */
export function writeImages(
  folder: string,
  views: readonly NetworkView[],
  kinds: readonly ImageKind[],
): string[] {
  return views.flatMap((view) => {
    const own = join(folder, "images", folderOf(view));
    if (kinds.length > 0) Deno.mkdirSync(own, { recursive: true });
    return kinds.flatMap((kind) =>
      Object.entries(sheetsOf(view)).map(([name, sheet]) => {
        const path = join(own, `${name}.${kind}`);
        const drawing = drawSheet(sheet);
        writeFileAtomic(path, kind === "svg" ? drawSvg(drawing) : drawPng(drawing));
        return path;
      })
    );
  });
}

const folderOf = ({ probe: { interval, network } }: NetworkView): string =>
  interval === undefined ? `update_${network.iteration}` : `R_${interval}`;

/** By file name; what the network does not have is left out. */
export function sheetsOf(view: NetworkView): Record<string, Sheet> {
  const { probe, weights, rates, activities, series, frames } = view;
  const { interval, network: { seed, iteration }, start, steps, scenes } = probe;
  const which = `${
    interval === undefined ? "" : `R = ${interval}, `
  }seed ${seed}, ${iteration} updates`;
  const moment = `after ${scenes ? "frame" : "step"} ${start + steps} of a held-out sequence`;
  const sheet = (title: string, matrices: readonly Matrix[], lines: string[]): Sheet => ({
    title: `${title}: ${which}`,
    lines,
    matrices,
    xTitle: "pre",
    yTitle: "post",
  });
  const last = series.map((each) => lastFrame(each, frames.length));
  const isEffective = ({ name }: Matrix) => name.startsWith("effective_");
  const activity: Sheet = {
    ...sheet("Hidden activity", activities, [
      scenes ? `numbers: scenes; orange: shown ${interval} scenes before` : "a held-out sequence",
    ]),
    xTitle: scenes ? "frame" : "step",
    yTitle: "unit",
    time: { start, scenes: scenes ?? [] },
  };
  const all: Record<string, Sheet> = {
    weight_matrices: sheet("Weight matrices", weights, [clipped]),
    eta_matrices: sheet("Rate matrices η", rates, [clipped]),
    hidden_activity: activity,
    plastic_matrices: sheet("Plastic matrices", last.filter((each) => !isEffective(each)), [
      `${moment}, ${clipped} of all frames drawn`,
    ]),
    effective_weights: sheet("Effective weights", last.filter(isEffective), [
      `${moment.replace("after", "at")}, ${clipped} of all frames drawn`,
    ]),
  };
  return Object.fromEntries(Object.entries(all).filter(([, { matrices }]) => matrices.length > 0));
}

function lastFrame(series: MatrixSeries, frames: number): Matrix {
  const size = series.rows * series.columns;
  return { ...series, values: series.values.subarray((frames - 1) * size, frames * size) };
}
