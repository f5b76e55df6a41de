/** Writes image files: a folder for each R, a file for each kind of matrix. */
import { join, relative, sep } from "node:path";
import { writeFileAtomic } from "../../../store/files/atomic_file.ts";
import { makeInnerFolder } from "../../../store/files/inner_folder.ts";
import type { RunConfig } from "../../../config/run_config.ts";
import type { StoredNetwork } from "../../../store/stored_network.ts";
import type { Matrix, MatrixSeries, NetworkView } from "../network_view.ts";
import type { ImageKind } from "./drawing.ts";
import { intervalOf } from "../../../analysis/probe/scene_window.ts";
import { drawPng } from "./draw_png.ts";
import { drawSheet, type Sheet } from "./draw_sheet.ts";
import { drawSvg } from "./draw_svg.ts";

const clipped = "colours clipped at mean ± 2 sd";

/** The folder of a network's images, named by R, or by the update if the task has no R. */
const imageFolder = (
  folder: string,
  { interval, iteration }: { interval: number | undefined; iteration: number },
): string =>
  join(folder, "images", interval === undefined ? `update_${iteration}` : `R_${interval}`);

/** Every path that `writeImages` may write; known before the networks run. */
export function imagePaths(
  folder: string,
  { networks, kinds, config }: {
    networks: readonly StoredNetwork[];
    kinds: readonly ImageKind[];
    config: RunConfig;
  },
): string[] {
  return networks.flatMap(({ level, iteration }) => {
    const interval = intervalOf(config, level);
    const target = imageFolder(folder, { interval, iteration });
    return sheetNames.flatMap((name) => kinds.map((kind) => join(target, `${name}.${kind}`)));
  });
}

/** @returns the paths written. */
export function writeImages(
  folder: string,
  views: readonly NetworkView[],
  kinds: readonly ImageKind[],
): string[] {
  return views.flatMap((view) => {
    const { interval, network: { iteration } } = view.probe;
    const target = imageFolder(folder, { interval, iteration });
    if (kinds.length > 0) makeInnerFolder(folder, relative(folder, target).split(sep));
    return kinds.flatMap((kind) =>
      Object.entries(sheetsOf(view)).map(([name, sheet]) => {
        const path = join(target, `${name}.${kind}`);
        const drawing = drawSheet(sheet);
        writeFileAtomic(path, kind === "svg" ? drawSvg(drawing) : drawPng(drawing));
        return path;
      })
    );
  });
}

const sheetNames = [
  "weight_matrices",
  "eta_matrices",
  "hidden_activity",
  "plastic_matrices",
  "effective_weights",
] as const;

/** The sheets of a network by file name; kinds of matrices that it lacks are left out. */
function sheetsOf(view: NetworkView): Record<string, Sheet> {
  const { probe, weights, rates, activities, series, frames } = view;
  const { interval, network: { replica, iteration }, start, steps, scenes } = probe;
  const which = `${
    interval === undefined ? "" : `R = ${interval}, `
  }${replica.label}, ${iteration} updates`;
  const moment = `after ${scenes ? "frame" : "step"} ${start + steps} of a held-out sequence`;
  const sheet = (title: string, matrices: readonly Matrix[], lines: string[]): Sheet => ({
    title: `${title}: ${which}`,
    lines,
    matrices,
    xTitle: "pre",
    yTitle: "post",
  });
  const last = series.map((matrix) => lastFrame(matrix, frames.length));
  const isEffective = ({ name }: Matrix) => name.startsWith("effective_");
  const activity: Sheet = {
    ...sheet("Hidden activity", activities, [
      scenes ? `numbers: scenes; orange: shown ${interval} scenes before` : "a held-out sequence",
    ]),
    xTitle: scenes ? "frame" : "step",
    yTitle: "unit",
    time: { start, scenes: scenes ?? [] },
  };
  const sheets: Record<typeof sheetNames[number], Sheet> = {
    weight_matrices: sheet("Weight matrices", weights, [clipped]),
    eta_matrices: sheet("Rate matrices η", rates, [clipped]),
    hidden_activity: activity,
    plastic_matrices: sheet("Plastic matrices", last.filter((matrix) => !isEffective(matrix)), [
      `${moment}, ${clipped} of all frames drawn`,
    ]),
    effective_weights: sheet("Effective weights", last.filter(isEffective), [
      `${moment.replace("after", "at")}, ${clipped} of all frames drawn`,
    ]),
  };
  return Object.fromEntries(
    Object.entries(sheets).filter(([, { matrices }]) => matrices.length > 0),
  );
}

function lastFrame(series: MatrixSeries, frames: number): Matrix {
  const size = series.rows * series.columns;
  return { ...series, values: series.values.subarray((frames - 1) * size, frames * size) };
}
