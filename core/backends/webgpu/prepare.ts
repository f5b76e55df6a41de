/** Makes the memory and kernels of a program, and its engine. */
import type { Program } from "../../program/program.ts";
import type { Engine } from "../backend.ts";
import { bytesOf } from "../arenas.ts";
import type { MemoryPlan } from "../memory_plan.ts";
import type { Bindings, Gpu, GpuBuffer, GpuLimits } from "./device/gpu_types.ts";
import { emitProgram } from "./emit_program.ts";
import type { StageKernels } from "./stage_kernels.ts";
import { createEngine, type Launches } from "./engine.ts";
import { arenaLimitOf, groupSize, type Layout } from "./plan_groups.ts";
import { createReader } from "./reader.ts";
import { engineOfGroups, estimateOfGroups, withReplicas } from "./replica_groups.ts";

/** Most bytes of a buffer that the host reads. */
const STAGING_BYTES = 1 << 24;

export interface PrepareOptions extends Layout {
  readonly gpu: Gpu;
  readonly limits: GpuLimits;
  readonly isSoftware: boolean;
  /** As of `WorkgroupLimits`. */
  readonly subgroup: number;
}

/** As `Backend.prepare`: of all replicas at once, or in groups where the device has too little room. */
export async function prepare(program: Program, options: PrepareOptions): Promise<Engine> {
  for (let replicas = groupSize(program, options);; replicas = Math.ceil(replicas / 2)) {
    try {
      return await prepareGroups(program, { ...options, replicas });
    } catch (error) {
      // With fewer at once, tapes take less.
      if (!(error instanceof RangeError) || replicas === 1) throw error;
    }
  }
}

async function prepareGroups(
  program: Program,
  { replicas, ...options }: PrepareOptions & { replicas: number },
): Promise<Engine> {
  const { gpu, chunk, limits, lowering, isSoftware, subgroup } = options;
  const groups = Math.ceil(program.extents.replicas / replicas);
  const grouped = withReplicas(program, replicas);
  const { memory, snapshotSlots, stages } = emitProgram(grouped, {
    chunk,
    lowering,
    arenaLimit: arenaLimitOf(options),
    keptApart: groups > 1,
    limits: {
      lanes: limits.maxInvocationsPerWorkgroup,
      bytes: limits.maxWorkgroupBytes,
      isSoftware,
      subgroup,
    },
  });
  if (memory.arenas.length > limits.maxStorageBuffers) {
    throw new RangeError(
      `The program needs ${memory.arenas.length} bindings of ${limits.maxStorageBufferBindingSize} bytes; this device takes ${limits.maxStorageBuffers}`,
    );
  }
  const longest = Math.max(chunk, program.extents.steps);
  const buffers = await takeMemory(gpu, memory, { groups, longest });
  const { kept, shared, snapshots, moments, staging } = buffers;
  const close = () => gpu.free(Object.values(buffers).flat());
  try {
    const each = memory.keptArenas;
    const arenas = Array.from(
      { length: groups },
      (_, group) => [...kept.slice(group * each, (group + 1) * each), ...shared],
    );
    const bindings = arenas.map((own) => gpu.bind(own, moments[0]!));
    const procedures = await compile(gpu, stages, bindings[0]!);
    gpu.check();
    const reader = createReader(gpu, staging);
    const common = {
      gpu,
      program: grouped,
      chunk,
      memory,
      snapshotSlots,
      snapshots,
      procedures,
      reader,
    };
    const engines = arenas.map((own, group) =>
      createEngine({
        ...common,
        arenas: own,
        bindings: bindings[group]!,
        close,
      })
    );
    if (groups === 1) return engines[0]!;
    return engineOfGroups(program, engines, {
      memory: estimateOfGroups(memory.estimate, groups),
      close,
    });
  } catch (error) {
    close();
    throw error;
  }
}

/** All buffers of a program. */
function takeMemory(
  gpu: Gpu,
  { arenas, keptArenas, snapshotArenas }: MemoryPlan,
  { groups, longest }: { groups: number; longest: number },
): Promise<Record<"kept" | "shared" | "snapshots" | "moments" | "staging", GpuBuffer[]>> {
  const make = (name: string, sizes: readonly number[]) =>
    sizes.map((size, index) => gpu.storage(`${name}${index}`, size * 4));
  const kept = arenas.slice(0, keptArenas);
  const staged = Math.min(STAGING_BYTES, bytesOf(kept));
  return gpu.allocate(() => ({
    kept: make("memory", Array.from({ length: groups }, () => kept).flat()),
    shared: make("shared", arenas.slice(keptArenas)),
    snapshots: make("snapshot", snapshotArenas),
    moments: [gpu.moments("moments", longest)],
    staging: [0, 1].map((index) => gpu.staging(`staging${index}`, staged)),
  }));
}

/** Compiles all kernels, side by side. */
async function compile(
  gpu: Gpu,
  stages: readonly StageKernels[],
  bindings: Bindings,
): Promise<Map<string, Launches[]>> {
  const compiled = await Promise.all(stages.map(async ({ stage, perStep, kernels }) => ({
    stage,
    perStep,
    kernels: await Promise.all(kernels.map(({ source, workgroups }) => {
      const label = source.slice(3, source.indexOf("\n"));
      return gpu.compile({ label, source, bindings, workgroups });
    })),
  })));
  const procedures = new Map<string, Launches[]>();
  stages.forEach(({ procedure }, index) => {
    const launches = procedures.get(procedure) ?? [];
    procedures.set(procedure, [...launches, compiled[index]!]);
  });
  return procedures;
}
