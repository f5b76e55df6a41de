/** The WebGPU backend: it prints stages as WGSL kernels, and keeps memory in a few large buffers. */
import type { Program } from "../../program/program.ts";
import type { LoweringChoice } from "../../schedule/lowering.ts";
import type { Backend, Engine } from "../backend.ts";
import { disposable } from "../disposable.ts";
import { lower } from "../lower.ts";
import { emitProgram } from "./emit_program.ts";
import { createEngine, type Launches } from "./engine.ts";
import { type Bindings, type Gpu, openGpu } from "./gpu.ts";
import type { StageKernels } from "./stage_kernels.ts";

/** Most bytes that are read to the host at a time. */
const STAGING_BYTES = 1 << 24;

async function prepare(
  gpu: Gpu,
  program: Program,
  { chunk, lowering, isSoftware }: {
    chunk: number;
    lowering: LoweringChoice;
    isSoftware: boolean;
  },
): Promise<Engine> {
  const { limits } = gpu;
  const { memory, snapshotSlots, stages } = emitProgram(program, {
    chunk,
    lowering,
    arenaLimit: Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize),
    limits: {
      lanes: limits.maxInvocationsPerWorkgroup,
      bytes: limits.maxWorkgroupBytes,
      isSoftware,
    },
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
  const moments = gpu.moments("moments", Math.max(chunk, program.extents.steps));
  const largest = Math.max(...memory.arenas) * 4;
  const staging = gpu.staging("staging", Math.min(STAGING_BYTES, largest));
  const bindings = gpu.bind(arenas, moments);
  const procedures = await compile(gpu, stages, bindings);
  gpu.check();
  return createEngine({
    gpu,
    program,
    chunk,
    memory,
    snapshotSlots,
    arenas,
    snapshots,
    moments,
    staging,
    bindings,
    procedures,
  });
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

/**
 * The WebGPU backend.
 *
 * @example
 * const engine = await (await webgpuBackend()).prepare(program, { chunk: 8 });
 *
 * @param allowSoftware also takes an adapter that computes on the CPU.
 * @param lowering how passes become launches.
 * @param planAsHardware gives a software adapter the kernels of a GPU, to test them.
 * @throws NoAdapterError if there is no adapter, or only software and that is not allowed.
 */
export async function webgpuBackend(
  { allowSoftware = false, lowering = "auto", planAsHardware = false }: {
    allowSoftware?: boolean;
    lowering?: LoweringChoice;
    planAsHardware?: boolean;
  } = {},
): Promise<Backend & { isSoftware: boolean }> {
  const gpu = await openGpu({ allowSoftware });
  const isSoftware = gpu.isSoftware && !planAsHardware;
  return disposable({
    name: "gpu",
    description: gpu.description,
    isSoftware: gpu.isSoftware,
    estimateMemory: (program, { chunk = 1 } = {}) =>
      lower(program, { chunk, lowering }).memory.estimate,
    prepare: (program, { chunk = 1 } = {}) =>
      prepare(gpu, program, { chunk, lowering, isSoftware }),
    close: () => gpu.close(),
  });
}
