/** The traffic of a program: what one iteration of a procedure does to the memory of a GPU. */
import type { Program } from "../../program/program.ts";
import type { LoweringChoice } from "../../schedule/lowering.ts";
import { emitProgram } from "./emit_program.ts";
import { sectorsOf } from "./sectors.ts";
import { launchesOf, stageBytes } from "./stage_kernels.ts";

/** What a stage does in one iteration. */
export interface StageTraffic {
  readonly stage: string;
  readonly launches: number;
  /** Barriers that a workgroup reaches, over all launches. */
  readonly barriers: number;
  /** Sectors of 32 bytes that the groups of 32 lanes touch, and those that their words would fill. */
  readonly sectors: number;
  readonly idealSectors: number;
  /** Bytes of arrays that passes read and write, and the part that cannot be avoided. */
  readonly bytes: number;
  readonly floorBytes: number;
  /** Of the kernel that takes most. */
  readonly workgroupBytes: number;
  readonly registers: number;
}

/** Limits that GPUs of today have or exceed; the model does not ask a device. */
const device = {
  arenaLimit: 2 ** 31 - 4,
  limits: { lanes: 1024, bytes: 32 * 1024, isSoftware: false, subgroup: 1 },
};

/**
 * The traffic of the stages of a procedure, in order.
 *
 * @example
 * const ratio = (stage: StageTraffic) => stage.sectors / stage.idealSectors;
 * programTraffic(program, "train").map(ratio);
 */
export function programTraffic(
  program: Program,
  procedure: string,
  lowering: LoweringChoice = "auto",
): StageTraffic[] {
  const { extents } = program;
  const { memory, stages } = emitProgram(program, { chunk: 1, lowering, ...device });
  const largest = (values: readonly number[]) => Math.max(0, ...values);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return stages.filter((stage) => stage.procedure === procedure).map(
    (each) => {
      const { stage, kernels } = each;
      const repeats = launchesOf(each, extents);
      const traffic = kernels.map((kernel) => kernel.traffic);
      const sectors = traffic.map((kernel) => sectorsOf(kernel, memory));
      const { moved, floor } = stageBytes(each, { memory, extents });
      return {
        stage: stage.name,
        launches: kernels.length * repeats,
        barriers: repeats * sum(traffic.map(({ barriers }) => barriers)),
        sectors: repeats * sum(sectors.map(({ touched }) => touched)),
        idealSectors: repeats * sum(sectors.map(({ ideal }) => ideal)),
        bytes: moved,
        floorBytes: floor,
        workgroupBytes: largest(traffic.map(({ workgroupBytes }) => workgroupBytes)),
        registers: largest(traffic.map(({ registers }) => registers)),
      };
    },
  );
}

/** The stages of a procedure together. */
export function totalTraffic(stages: readonly StageTraffic[]): StageTraffic {
  const total = (pick: (stage: StageTraffic) => number) =>
    stages.reduce((sum, stage) => sum + pick(stage), 0);
  const most = (pick: (stage: StageTraffic) => number) => Math.max(0, ...stages.map(pick));
  return {
    stage: "all",
    launches: total(({ launches }) => launches),
    barriers: total(({ barriers }) => barriers),
    sectors: total(({ sectors }) => sectors),
    idealSectors: total(({ idealSectors }) => idealSectors),
    bytes: total(({ bytes }) => bytes),
    floorBytes: total(({ floorBytes }) => floorBytes),
    workgroupBytes: most(({ workgroupBytes }) => workgroupBytes),
    registers: most(({ registers }) => registers),
  };
}
