/** What one training iteration does to the memory of a GPU, by the model of traffic: no GPU is asked. */
import {
  programTraffic,
  type StageTraffic,
  totalTraffic,
} from "../core/backends/webgpu/program_traffic.ts";
import type { Program } from "../core/program/program.ts";

const columns = ["launches", "barriers", "sectors", "MB", "floor", "shared", "registers"];
const WIDTH = 10;

/** The line above the figures, and what they mean. */
export const planHeading = "".padEnd(38) +
  columns.map((column) => column.padStart(WIDTH)).join("") +
  "\n(sectors: of 32 bytes, in multiples of the ideal; floor: bytes in multiples of those that must move; " +
  "shared: bytes of a workgroup)";

const lineOf = (name: string, traffic: StageTraffic): string => {
  const figures = [
    traffic.launches,
    traffic.barriers,
    (traffic.sectors / Math.max(1, traffic.idealSectors)).toFixed(2),
    (traffic.bytes / 1e6).toFixed(3),
    (traffic.bytes / Math.max(1, traffic.floorBytes)).toFixed(2),
    traffic.workgroupBytes,
    traffic.registers,
  ];
  return name.padEnd(38) + figures.map((figure) => String(figure).padStart(WIDTH)).join("");
};

/** The figures of a program; with `stages`, those of each stage of `train` too. */
export function planLines(
  name: string,
  program: Program,
  { stages }: { stages: boolean },
): string[] {
  const traffic = programTraffic(program, "train");
  const each = traffic.map((stage) => lineOf(`  ${stage.stage}`, stage));
  return [lineOf(name, totalTraffic(traffic)), ...stages ? each : []];
}
