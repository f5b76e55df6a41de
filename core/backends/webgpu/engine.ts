/** Runs a prepared program on a GPU. A run is one submission, or a few. */
import type { Program, Stage } from "../../program/program.ts";
import { stepsOf, visits } from "../../program/segments.ts";
import type { Engine, Values } from "../backend.ts";
import { disposable } from "../disposable.ts";
import { checkRun, findSlot, firstWritten } from "../layout.ts";
import type { MemoryPlan } from "../memory_plan.ts";
import type { Slot } from "../../program/node.ts";
import type { Reader } from "./reader.ts";
import type { Bindings, Gpu, GpuBuffer, Kernel } from "./device/gpu_types.ts";

/** The kernels of a stage; a split loop launches them at every step, a fused one at the first of its steps. */
export interface Launches {
  readonly stage: Stage;
  readonly kernels: readonly Kernel[];
  readonly perStep: boolean;
}

/** The memory and kernels of a program, ready to run. */
export interface PreparedProgram {
  readonly gpu: Gpu;
  readonly program: Program;
  readonly chunk: number;
  readonly memory: MemoryPlan;
  readonly snapshotSlots: readonly Slot[];
  readonly arenas: readonly GpuBuffer[];
  readonly snapshots: readonly GpuBuffer[];
  readonly reader: Reader;
  readonly bindings: Bindings;
  readonly procedures: ReadonlyMap<string, readonly Launches[]>;
  /** Frees all memory. */
  close(): void;
}

/** Launches that are recorded before they are submitted. */
const LAUNCHES_A_SUBMISSION = 4096;

/** The engine of a prepared program. */
export function createEngine(prepared: PreparedProgram): Engine {
  const { gpu, program, chunk, memory, arenas, reader } = prepared;
  const { extents } = program;
  return disposable({
    program,
    chunk,
    memory: memory.estimate,
    write(name, values, { step } = {}) {
      const slot = findSlot(program, name);
      const start = firstWritten(slot, values.length, { extents, chunk, step });
      const { arena, offset } = memory.regionOf({ slot });
      // What has to wait is written as it is now.
      const isFinal = values instanceof Float32Array && !reader.isBusy();
      const data = isFinal ? values : Float32Array.from(values);
      reader.change(() => gpu.write(arenas[arena]!, 4 * (offset + start), data));
    },
    async read(names) {
      const wanted = names.map((name) => {
        const { arena, offset, size } = memory.regionOf({ slot: findSlot(program, name) });
        return { buffer: arenas[arena]!, offset, values: new Float32Array(size) };
      });
      await reader.read(wanted);
      return new Map(names.map((name, index) => [name, wanted[index]!.values as Values]));
    },
    async run(procedure, { iterations, restore = false, step = 0 }) {
      gpu.check();
      checkRun(program, procedure, { iterations, restore, step, chunk });
      await reader.change(() => run(prepared, procedure, { iterations, restore, step }));
    },
    close: prepared.close,
  });
}

/** Records and submits all launches of a run. */
function run(
  { gpu, program, memory, snapshotSlots, arenas, snapshots, bindings, procedures }: PreparedProgram,
  procedure: string,
  { iterations, restore, step: only }: { iterations: number; restore: boolean; step: number },
): void {
  const { momentStride } = gpu.limits;
  let recorder = gpu.record();
  let launched = 0;

  const launch = (kernel: Kernel, iteration: number, step: number) => {
    recorder.dispatch(kernel, bindings, [iteration * momentStride, step * momentStride]);
    if (++launched % LAUNCHES_A_SUBMISSION === 0) {
      recorder.submit();
      recorder = gpu.record();
    }
  };
  /** Saves the slots that an evaluation changes, or restores them. */
  const copy = (direction: "save" | "restore") => {
    for (const slot of snapshotSlots) {
      const live = { buffers: arenas, region: memory.regionOf({ slot }) };
      const snapshot = { buffers: snapshots, region: memory.snapshotOf(slot) };
      const [from, to] = direction === "save" ? [live, snapshot] : [snapshot, live];
      recorder.copy(from.buffers[from.region.arena]!, to.buffers[to.region.arena]!, {
        from: from.region.offset * 4,
        to: to.region.offset * 4,
        bytes: live.region.size * 4,
      });
    }
  };

  if (restore) copy("save");
  for (let iteration = 0; iteration < iterations; iteration++) {
    for (const visit of visits(procedures.get(procedure)!, program.extents)) {
      const { stage, kernels, perStep } = visit.visited;
      const steps = perStep || stage.loop === "one" ? stepsOf(visit, only) : [visit.first];
      for (const step of steps) {
        for (const kernel of kernels) launch(kernel, iteration, step);
      }
    }
    if (restore) copy("restore");
  }
  recorder.submit();
}
