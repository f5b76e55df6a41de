/** Chooses how fast weights are kept inside a sequence: where both forms are exact, by operations and bytes. */
import { sizeOf } from "../core/axes.ts";
import type { Program } from "../core/program/program.ts";
import { procedureCost } from "../core/schedule/cost.ts";
import type { FastWeightForm } from "./fast_weights.ts";
import { declaredLayers, isFast } from "./layers.ts";
import type { PlasticForm, PlasticLearning } from "./plastic_layers.ts";
import { storedWeights } from "./stored_weights.ts";
import type { Learning } from "./updater.ts";
import { hasHistory, weightHistory } from "./weight_history.ts";

/** Most bytes of fast weights of a replica that stay in a cache of a cpu. There a copy a sequence is always faster. */
const CACHED_BYTES = 1 << 23;

/** Operations that take as long as a byte of memory, as measured on a cpu with 256-bit vectors. */
const OPERATIONS_A_BYTE = 7;

/** The program of the form that takes less time, of those that `build` makes. */
export function fasterForm(
  learning: Learning,
  build: (form: FastWeightForm) => Program,
): Program {
  const stored = build("stored");
  if (learning.device !== "gpu" && bytesOf(learning) <= CACHED_BYTES) return stored;
  const history = build("history");
  return timeOf(history) < timeOf(stored) ? history : stored;
}

/** Bytes of the fast weights of a replica. */
const bytesOf = ({ model: { parameters }, extents: { sequences } }: Learning): number =>
  Object.values(parameters).reduce(
    (bytes, { fast, shape }) => bytes + (fast ? 4 * sequences * sizeOf(shape) : 0),
    0,
  );

/** Time of a batch, in units of a byte of memory. */
function timeOf(program: Program): number {
  const { operations, bytes } = procedureCost(program, "train");
  return bytes + operations / OPERATIONS_A_BYTE;
}

/** How the fast weights of a procedure are kept: as asked for, where that is exact. */
export function plasticForm(plastic: PlasticLearning, form: FastWeightForm): PlasticForm {
  const layers = declaredLayers(plastic.learning).filter(isFast);
  return form === "history" && hasHistory(layers, plastic)
    ? weightHistory(plastic)
    : storedWeights(plastic);
}
