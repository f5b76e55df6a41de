/** The WebGPU backend: stages become kernels, memory a few arenas, runs one submission each. */
import type { Program, Stage } from "../../program/program.ts";
import { hoistInvariants } from "../../schedule/hoist_invariants.ts";
import { chooseLowering, type LoweringChoice } from "../../schedule/lowering.ts";
import type { Schedule } from "../../schedule/pass.ts";
import { scheduleStage } from "../../schedule/schedule.ts";
import type { Backend, Engine, Values } from "../backend.ts";
import { checkLength, checkRun, findSlot, writtenSlots } from "../layout.ts";
import { fusedKernel, type KernelSource, splitKernel } from "./emit_kernel.ts";
import { type Bindings, type Gpu, type GpuBuffer, type Kernel, openGpu } from "./gpu.ts";
import { type MemoryPlan, planMemory } from "../memory_plan.ts";

/** A stage as launches; a split loop repeats them for every step. */
interface Launches {
  readonly stage: Stage;
  readonly kernels: readonly Kernel[];
  readonly perStep: boolean;
}

/** Bytes moved to the host at a time. */
const STAGING_BYTES = 1 << 24;
/** Launches recorded before they are handed to the device. */
const LAUNCHES_A_SUBMISSION = 4096;

interface Scheduled {
  readonly procedure: string;
  readonly stage: Stage;
  readonly schedule: Schedule;
}

/** Where everything lies, and what works on it. @throws RangeError, as `planMemory` */
function planProgram(
  given: Program,
  { chunk, arenaLimit }: { chunk: number; arenaLimit: number },
): { memory: MemoryPlan; scheduled: Scheduled[] } {
  const program = hoistInvariants(given);
  const scheduled = [...program.procedures].flatMap(([procedure, stages]) =>
    stages.map((stage) => ({
      procedure,
      stage,
      schedule: scheduleStage(stage, program.extents),
    }))
  );
  const memory = planMemory(program, {
    chunk,
    arenaLimit,
    temporaries: scheduled.flatMap(({ schedule }) => schedule.temporaries),
    snapshotSlots: new Set(writtenSlots(program, "evaluate")),
  });
  return { memory, scheduled };
}

/** The kernels of every stage, as text: what the snapshot tests show. */
export function emitProgram(
  program: Program,
  { chunk, lowering, arenaLimit, maxLanes }: {
    chunk: number;
    lowering: LoweringChoice;
    arenaLimit: number;
    maxLanes: number;
  },
): {
  memory: MemoryPlan;
  stages: { stage: Stage; procedure: string; perStep: boolean; kernels: KernelSource[] }[];
} {
  const { extents } = program;
  const { memory, scheduled } = planProgram(program, { chunk, arenaLimit });
  const stages = scheduled.map(({ procedure, stage, schedule }) => {
    const chosen = chooseLowering(schedule, { loop: stage.loop, extents, choice: lowering });
    const context = { memory, places: schedule.places };
    const title = `${procedure}/${stage.name}`;
    if (chosen.kind === "fused") {
      const kernel = fusedKernel(schedule, context, {
        extents,
        loop: stage.loop,
        owner: chosen.owner,
        maxLanes,
        title,
      });
      return { stage, procedure, perStep: false, kernels: [kernel] };
    }
    const kernels = schedule.groups.flat().map((pass, index) =>
      splitKernel(pass, context, { extents, title: `${title}, pass ${index}` })
    );
    return { stage, procedure, perStep: stage.loop !== "none", kernels };
  });
  return { memory, stages };
}

async function prepare(
  gpu: Gpu,
  program: Program,
  { chunk, lowering }: { chunk: number; lowering: LoweringChoice },
): Promise<Engine> {
  const { extents } = program;
  const { limits } = gpu;
  const { memory, stages } = emitProgram(program, {
    chunk,
    lowering,
    arenaLimit: Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize),
    maxLanes: limits.maxInvocationsPerWorkgroup,
  });
  if (memory.arenas.length > limits.maxStorageBuffers) {
    throw new RangeError(
      `The program needs ${memory.arenas.length} bindings of ${limits.maxStorageBufferBindingSize} bytes; this device takes ${limits.maxStorageBuffers}`,
    );
  }
  const arenas = memory.arenas.map((size, index) => gpu.storage(`memory${index}`, size * 4));
  const snapshots = memory.snapshotArenas.map((size, index) =>
    gpu.storage(`snapshot${index}`, size * 4)
  );
  const moments = gpu.moments("moments", Math.max(chunk, extents.steps));
  const largest = Math.max(...memory.arenas) * 4;
  const staging = gpu.staging("staging", Math.min(STAGING_BYTES, largest));
  const bindings = gpu.bind(arenas, moments);
  const procedures = new Map<string, Launches[]>();
  await Promise.all(stages.map(async ({ stage, procedure, perStep, kernels }) => {
    const launches = procedures.get(procedure) ?? [];
    procedures.set(procedure, launches);
    const position = launches.push({ stage, perStep, kernels: [] }) - 1;
    const compiled = await Promise.all(
      kernels.map(({ source, workgroups }) =>
        gpu.compile({ label: source.slice(3, source.indexOf("\n")), source, bindings, workgroups })
      ),
    );
    launches[position] = { stage, perStep, kernels: compiled };
  }));
  gpu.check();
  return engineOf({
    gpu,
    program,
    chunk,
    memory,
    arenas,
    snapshots: snapshots,
    moments,
    staging,
    bindings,
    procedures,
  });
}

interface Parts {
  readonly gpu: Gpu;
  readonly program: Program;
  readonly chunk: number;
  readonly memory: MemoryPlan;
  readonly arenas: readonly GpuBuffer[];
  readonly snapshots: readonly GpuBuffer[];
  readonly moments: GpuBuffer;
  readonly staging: GpuBuffer;
  readonly bindings: Bindings;
  readonly procedures: ReadonlyMap<string, readonly Launches[]>;
}

function engineOf(
  { gpu, program, chunk, memory, arenas, snapshots, moments, staging, bindings, procedures }: Parts,
): Engine {
  const { extents } = program;
  const { momentStride } = gpu.limits;

  function run(procedure: string, iterations: number, restore: boolean): void {
    const snapshotSlots = restore ? writtenSlots(program, procedure) : [];
    let recorder = gpu.record();
    let launched = 0;
    const swap = (save: boolean) => {
      for (const slot of snapshotSlots) {
        const own = { buffer: arenas, region: memory.regionOf({ slot }) };
        const snapshot = { buffer: snapshots, region: memory.snapshotOf(slot) };
        const [from, to] = save ? [own, snapshot] : [snapshot, own];
        recorder.copy(from.buffer[from.region.arena]!, to.buffer[to.region.arena]!, {
          from: from.region.offset * 4,
          to: to.region.offset * 4,
          bytes: own.region.size * 4,
        });
      }
    };
    const launch = (kernel: Kernel, iteration: number, step: number) => {
      recorder.dispatch(kernel, bindings, [iteration * momentStride, step * momentStride]);
      if (++launched % LAUNCHES_A_SUBMISSION === 0) {
        recorder.submit();
        recorder = gpu.record();
      }
    };
    swap(true);
    for (let iteration = 0; iteration < iterations; iteration++) {
      for (const { stage, kernels, perStep } of procedures.get(procedure)!) {
        for (let count = 0; count < (perStep ? extents.steps : 1); count++) {
          const step = stage.loop === "reverse" && perStep ? extents.steps - 1 - count : count;
          for (const kernel of kernels) launch(kernel, iteration, step);
        }
      }
      swap(false);
    }
    recorder.submit();
  }

  return {
    program,
    chunk,
    memory: memory.estimate,
    write(name, values) {
      const slot = findSlot(program, name);
      checkLength(slot, values.length, { extents, chunk });
      const { arena, offset } = memory.regionOf({ slot });
      gpu.write(
        arenas[arena]!,
        offset * 4,
        values instanceof Float32Array ? values : Float32Array.from(values),
      );
    },
    async read(names) {
      const result = new Map<string, Values>();
      for (const name of names) {
        const region = memory.regionOf({ slot: findSlot(program, name) });
        const values = new Float32Array(region.size);
        for (let start = 0; start < region.size; start += staging.size / 4) {
          const count = Math.min(staging.size / 4, region.size - start);
          const recorder = gpu.record();
          recorder.copy(arenas[region.arena]!, staging, {
            from: (region.offset + start) * 4,
            to: 0,
            bytes: count * 4,
          });
          recorder.submit();
          values.set(new Float32Array(await gpu.read(staging, count * 4)), start);
        }
        result.set(name, values);
      }
      return result;
    },
    run(procedure, { iterations, restore = false }) {
      gpu.check();
      checkRun(program, procedure, { iterations, restore, chunk });
      run(procedure, iterations, restore);
      return Promise.resolve();
    },
    close: () => gpu.free([...arenas, ...snapshots, moments, staging]),
  };
}

/**
 * The WebGPU backend.
 *
 * @throws NoAdapterError if there is no adapter, or only software and that is not allowed.
 */
export async function webgpuBackend(
  { allowSoftware = false, lowering = "auto" }: {
    allowSoftware?: boolean;
    lowering?: LoweringChoice;
  } = {},
): Promise<Backend & { isSoftware: boolean }> {
  const gpu = await openGpu({ allowSoftware });
  return {
    name: "webgpu",
    description: gpu.description,
    isSoftware: gpu.isSoftware,
    estimateMemory: (program, { chunk = 1 } = {}) =>
      planProgram(program, { chunk, arenaLimit: Infinity }).memory.estimate,
    prepare: (program, { chunk = 1 } = {}) => prepare(gpu, program, { chunk, lowering }),
    close: () => gpu.close(),
  };
}
