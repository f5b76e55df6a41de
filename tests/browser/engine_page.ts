/** What a page in a browser runs for the tests: the engine itself, as `globalThis.hebb`. */
import { referenceBackend } from "../../core/backends/reference/reference.ts";
import { findAdapter } from "../../core/backends/webgpu/device/adapter.ts";
import { openGpu } from "../../core/backends/webgpu/gpu.ts";
import { webgpuBackend } from "../../core/backends/webgpu/webgpu.ts";
import type { LoweringChoice } from "../../core/schedule/lowering.ts";
import { relativeRms } from "../../core/testing/relative_rms.ts";
import { tableCases } from "../../core/testing/table_cases.ts";
import { trainOn } from "../../core/testing/twin.ts";
import { readGolden } from "../../tools/parity/golden.ts";
import { type ParityRow, runParity } from "../../tools/parity/run_parity.ts";

const cases = tableCases({ replicas: 2, sequences: 3, probe: true });
const procedures = ["train", "evaluate", "measure"];

const open = (lowering: LoweringChoice) => webgpuBackend({ allowSoftware: true, lowering });

const page = {
  caseNames: cases.map(({ model, updater }) => `${model}, ${updater}`),

  hasAdapter: async (): Promise<boolean> => await findAdapter() !== undefined,

  /** Whether the adapter offers subgroups, and the lanes that kernels take to be in one. */
  async subgroups(): Promise<{ offered: boolean; lanes: number }> {
    const offered = (await findAdapter())!.features.has("subgroups");
    const gpu = await openGpu({ allowSoftware: true });
    const lanes = gpu.subgroup;
    gpu.close();
    return { offered, lanes };
  },

  /** Compiles all kernels of a case and runs them. @returns errors by slot, relative to the reference. */
  async twin(index: number, lowering: LoweringChoice): Promise<[slot: string, error: number][]> {
    const { program, task } = cases[index]!;
    const options = { seeds: [5, 6], task, iterations: 2, procedures };
    using backend = await open(lowering);
    const actual = await trainOn(backend, program, options);
    const expected = await trainOn(referenceBackend(), program, options);
    return [...expected].map(([slot, values]) => [slot, relativeRms(actual.get(slot)!, values)]);
  },

  /** The rows of a golden case. @param bytes of its file. */
  async golden(file: string, bytes: number[], lowering: LoweringChoice): Promise<ParityRow[]> {
    using backend = await open(lowering);
    return await runParity(readGolden(file, Uint8Array.from(bytes)), backend);
  },
};

/** What tests call. */
export type EnginePage = typeof page;

Object.assign(globalThis, { hebb: page });
