/** The start of a run whose first weights are from a file. */
import { createHash } from "node:crypto";
import { initialValues } from "../core/backends/initial_values.ts";
import { isPersistent } from "../core/backends/layout.ts";
import type { Values } from "../core/backends/backend.ts";
import type { Slot } from "../core/program/node.ts";
import type { Program } from "../core/program/program.ts";
import { createSums } from "../core/training/sums.ts";
import type { Run } from "../config/build/build_run.ts";
import { replicasOf } from "../config/replicas.ts";
import type { RunConfig } from "../config/run_config.ts";
import { UsageError } from "../config/usage_error.ts";
import { type DataPath, readDataFile, sourceOf } from "../data/data_file.ts";
import { readTensors } from "../data/read_tensors.ts";
import type { RunStart } from "../store/run_start.ts";
import { firstNonFinite, type Tensor } from "../store/files/tensor.ts";

/**
 * Takes the weights, and the constants that would be drawn, that a file has under their names; `.` and `/` are the
 * same in a name, and a first part that all names share may be missing. A tensor is of one network, which all
 * replicas begin with, or has one for each replica.
 *
 * @throws UsageError if the file has none of the weights, or one of another shape or not finite.
 * @throws DamagedFileError if it cannot be read.
 */
export function initStart(
  path: DataPath,
  { config, run: { program } }: { config: RunConfig; run: Run },
): RunStart {
  const source = sourceOf(path);
  const file = byName(readTensors(path));
  const seeds = replicasOf(config).map(({ seed }) => seed);
  const tensors = new Map<string, Values>();
  const [taken, drawn]: [string[], string[]] = [[], []];
  for (const slot of [...program.slots.values()].filter(isPersistent)) {
    const tensor = isGiven(slot, program) ? file.get(plain(slot.name)) : undefined;
    const values = tensor && valuesOf(tensor, { slot, program, source });
    tensors.set(slot.name, values ?? initialValues(program, slot.name, seeds));
    if (values) taken.push(slot.name);
    else if (slot.kind === "parameter") drawn.push(slot.name);
  }
  if (taken.length === 0) {
    throw new UsageError(
      `--init-from ${source}: it has none of the weights ${drawn.join(", ")}, but ` +
        ([...file.keys()].join(", ") || "nothing"),
    );
  }
  const unused = [...file.keys()].filter((name) => taken.every((slot) => plain(slot) !== name));
  return {
    state: {
      iteration: 0,
      seconds: 0,
      highLossIntervals: 0,
      window: new Float64Array(createSums(program, "train").totals.length),
      tensors,
    },
    lineage: {
      kind: "init",
      from: source,
      sha256: createHash("sha256").update(readDataFile(path)).digest("hex"),
      taken,
      drawn,
    },
    ...unused.length === 0 ? {} : { notes: [`note: ${source} has more: ${unused.join(", ")}`] },
  };
}

/** A name in which parts are told apart in one way. */
const plain = (name: string): string => name.replaceAll(".", "/");

/** The tensors by plain name, without a first part that all names have. */
function byName(tensors: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
  const named = [...tensors].map(([name, tensor]) => [plain(name), tensor] as const);
  const [first] = named[0]?.[0].split("/") ?? [];
  const isShared = named.length > 1 && named.every(([name]) => name.startsWith(`${first}/`));
  return new Map([
    ...named,
    ...isShared
      ? named.map(([name, tensor]) => [name.slice(first!.length + 1), tensor] as const)
      : [],
  ]);
}

/** Whether a file may give a slot: what is learned, and constants that are drawn; others are settings. */
const isGiven = ({ kind, name, hasTimeAxis }: Slot, { initial }: Program): boolean =>
  kind === "parameter" ||
  kind === "constant" && !hasTimeAxis && initial.get(name)!.kind !== "constant";

/** The values of a slot, [P, B?, ...shape]. @throws UsageError */
function valuesOf(
  { shape, data }: Tensor,
  { slot, program: { extents }, source }: { slot: Slot; program: Program; source: string },
): Values {
  const { replicas, sequences } = extents;
  const copies = slot.hasBatchAxis ? sequences : 1;
  const size = slot.shape.reduce((product, extent) => product * extent, 1);
  const refuse = (problem: string) =>
    new UsageError(`--init-from ${source}: "${slot.name}" ${problem}`);
  if (firstNonFinite(data) >= 0) throw refuse("is not finite everywhere");
  // Axes before those of the slot: none, networks, or networks and copies.
  const before = shape.slice(0, shape.length - slot.shape.length);
  const [networks = 1, given = 1] = before;
  const fits = [...before, ...slot.shape].join() === shape.join() &&
    before.length <= (slot.hasBatchAxis ? 2 : 1) && (networks === 1 || networks === replicas);
  if (!fits || given === 0) {
    const [one, each] = [slot.shape, [replicas, ...slot.shape]].map((axes) =>
      `[${axes.join(", ")}]`
    );
    throw refuse(`has the shape [${shape.join(", ")}], expected ${one} or ${each}`);
  }
  return Float64Array.from({ length: replicas * copies * size }, (_, index) => {
    const element = index % size;
    const replica = networks === 1 ? 0 : Math.floor(index / (copies * size));
    const copy = Math.floor(index / size) % copies % given;
    return data[(replica * given + copy) * size + element]!;
  });
}
