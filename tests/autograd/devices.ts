/** The devices of a comparison, and which cases run on each. */
import type { Backend } from "../../core/backends/backend.ts";
import { cpuBackend } from "../../core/backends/cpu/cpu.ts";
import { referenceBackend } from "../../core/backends/reference/reference.ts";
import { webgpuBackend } from "../../core/backends/webgpu/webgpu.ts";
import { float32, float64, type Precision } from "./compare.ts";
import { isFull } from "./full.ts";

interface Device {
  readonly open: () => Backend | Promise<Backend>;
  readonly precision: Precision;
  /** Of how many programs one runs here, unless all are asked for. */
  readonly oneOf: number;
}

export const devices: Readonly<Record<string, Device>> = {
  reference: { open: referenceBackend, precision: float64, oneOf: 1 },
  cpu: { open: () => cpuBackend({ threads: 1 }), precision: float32, oneOf: 4 },
  gpu: { open: () => webgpuBackend({ allowSoftware: true }), precision: float32, oneOf: 20 },
};

/** Whether a device runs a case, by its number. @param cost of a case, in those of a program. */
export const isChosen = ({ oneOf }: Device, index: number, cost = 1): boolean =>
  isFull || index % (oneOf === 1 ? 1 : oneOf * cost) === 0;
