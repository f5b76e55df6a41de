/** A map of the learned weights. */
import type { Figure } from "../../../report/figures/chart.ts";
import {
  colourLimit,
  matrixLayout,
  matrixTrace,
  packMatrix,
} from "../../../report/figures/weight_map.ts";
import { unpackFloats } from "../../../store/base64_floats.ts";
import type { PointResult } from "../results.ts";

/** W of the first network whose weights are stored; undefined if there is none. */
export function weightsFigure(
  id: string,
  { title, point }: { title: string; point: PointResult },
): Figure | undefined {
  const network = point.networks.find(({ examination }) => examination?.weights !== undefined);
  if (!network) return undefined;
  const values = unpackFloats(network.examination!.weights!);
  const size = { rows: network.neurons, columns: network.neurons };
  return {
    title,
    caption: `W of seed ${network.seed}, ${network.memories} memories.`,
    chart: {
      id,
      rows: [],
      traces: [{ plotly: { ...matrixTrace(colourLimit(values)), z: packMatrix(values, size) } }],
      layout: matrixLayout([size]),
    },
  };
}
