/** Prints the kernel of a whole stage: a workgroup runs all passes and all steps of a sequence or replica. */
import type { Extents } from "../../axes.ts";
import type { Slot } from "../../program/node.ts";
import type { Stage } from "../../program/program.ts";
import { symbols } from "../../schedule/index.ts";
import type { Place, Schedule, Temporary } from "../../schedule/pass.ts";
import { upTo } from "../arenas.ts";
import type { MemoryPlan } from "../memory_plan.ts";
import { withBarriers } from "./barriers.ts";
import { elementsInMemory, holderOf } from "./elements.ts";
import { visitsOfText } from "./emit_own_sequence.ts";
import { gridSymbols } from "./grid.ts";
import { type KernelSource, kernelText } from "./kernel_text.ts";
import type { FixedAxes } from "./lane_axes.ts";
import { type Layout, layOut, sequencesOf, visitsOf } from "./layout.ts";
import { mostLive } from "./live_names.ts";
import { loopTurns, MOST_SOFTWARE_TURNS } from "./loop_turns.ts";
import { ofFirstLane, ofGrid, ofSequence } from "./own_elements.ts";
import {
  chooseResidence,
  isOfOwner,
  registersOf,
  type Residence,
  residentElements,
  wordsOf,
} from "./residence.ts";
import { copiesOfStep, residentText } from "./resident_text.ts";
import { SCRATCHPAD } from "./scratchpad.ts";
import { sectorsOf } from "./sectors.ts";
import { isRepeated, overSteps, stepsOfLaunch } from "./steps_text.ts";
import { unitsOf } from "./units.ts";
import type { WorkgroupLimits } from "./workgroup_limits.ts";

/** How the passes of a stage are shared out between lanes: sums are added in an order that follows from it. */
export type Sharing = Pick<Layout, "lanes" | "ownSequences"> & {
  /** Of a kernel of one subgroup: whether loops go over the rows of matrices. */
  readonly subgroup?: { readonly isLooped: boolean };
};

/** What is printed. */
export interface Fused {
  readonly schedule: Schedule;
  readonly memory: MemoryPlan;
  readonly extents: Extents;
  readonly stage: Stage;
  readonly owner: "sequence" | "replica";
  readonly limits: WorkgroupLimits;
  readonly title: string;
  /** As in `chooseResidence`; undefined: the launch runs whole steps. */
  readonly outside?: ReadonlySet<Slot | Temporary>;
}

/** Lanes of a workgroup: the fewest of these with which a lane has not too much to do; a CPU computes 8 at once. */
const laneCounts = [32, 64, 128, 256];
const softwareLaneCounts = [8, 16, ...laneCounts];

/** What a lane has to do at most, if more lanes would make it less. */
interface Load {
  /** Elements that it visits of one matrix, in all sequences. */
  readonly visits: number;
  /** Statements of all passes: compilers take long for long texts. */
  readonly statements: number;
  /** Registers that stay taken. */
  readonly registers: number;
  /** Sectors that its neighbours and it touch, in multiples of the ideal. */
  readonly sectors: number;
  /** Turns of loops of a launch, with some left for what a launch begins and ends with. */
  readonly turns: number;
}
const hardwareLoad: Load = {
  visits: 64,
  statements: Infinity,
  registers: 80,
  sectors: 1.25,
  turns: Infinity,
};
const softwareLoad: Load = {
  visits: Infinity,
  statements: 4000,
  registers: 1024,
  sectors: Infinity,
  turns: MOST_SOFTWARE_TURNS / 2,
};

const loadOf = ({ isSoftware }: WorkgroupLimits): Load => isSoftware ? softwareLoad : hardwareLoad;

/** Registers that stay taken at most on a GPU; a lane has 255, and needs some to compute. */
const MOST_REGISTERS = 160;
/** Registers of all lanes of a workgroup, and those of each that it needs to compute. */
const [REGISTER_FILE, TO_COMPUTE] = [1 << 16, 40];

/** Of workgroup memory: the parts of sums take no more; of several sequences less, whose vectors should fit too. */
const [SHARE_OF_PARTS, SHARE_OF_ROUNDS] = [0.75, 0.15];
/** Words that lanes move together, through workgroup memory, at a time, at least. */
const STAGED_WORDS = 1024;

/** Lanes, grids and what stays on the chip. */
interface Plan {
  readonly layout: Layout;
  readonly residence: Residence;
  /** Of all passes. */
  readonly statements: number;
  /** Of loops, in a launch. */
  readonly turns: number;
}

function planOf(fused: Fused, fixed: FixedAxes, sharing: Sharing): Plan {
  const { schedule: { groups, places }, memory, extents, limits } = fused;
  const sequences = sequencesOf({ extents, fixed });
  const isOfSeveral = sequences > 1 && fused.stage.loop !== "none";
  const mostSectors = isOfSeveral ? Infinity : loadOf(limits).sectors;
  const share = isOfSeveral ? SHARE_OF_ROUNDS : SHARE_OF_PARTS;
  const mostParts = Math.floor(limits.bytes / 4 * share);
  const layout = layOut({ groups, extents, fixed, mostSectors, mostParts, ...sharing });
  const { subgroup } = limits;
  const context = { elements: elementsInMemory(memory), places, subgroup };
  const units = unitsOf(layout, context);
  const sizeOfOwner = (place: Place) =>
    memory.stridesOf(place)
      .filter(({ axis }) => isOfOwner(axis, fixed))
      .reduce((size, { extent }) => size * extent, 1);
  const owners = [
    ...sharing.ownSequences ? [ofSequence(extents.sequences)] : [],
    ...[...layout.grids.values()].map((grid) => ofGrid(grid, sequences)),
    ofFirstLane,
  ];
  const residence = chooseResidence(
    units.map(({ traffic, ...unit }) => ({ ...traffic, ...unit })),
    {
      owners,
      sizeOfOwner,
      outside: fused.outside,
      words: {
        registers: limits.isSoftware
          ? softwareLoad.registers
          : Math.min(MOST_REGISTERS, Math.floor(REGISTER_FILE / sharing.lanes) - TO_COMPUTE),
        workgroup: limits.bytes / 4,
      },
    },
  );
  const statements = units.reduce((sum, { lines }) => sum + lines.length, 0);
  const turns = loopTurns(units.flatMap(({ lines }) => lines)) *
    stepsOfLaunch(fused.stage, extents);
  return { layout, residence, statements, turns };
}

/** Tries more and more lanes, until a lane has not too much to do. */
function gridPlan(fused: Fused, fixed: FixedAxes): Plan {
  const load = loadOf(fused.limits);
  const most = Math.min(fused.limits.lanes, laneCounts.at(-1)!);
  const isLight = ({ layout, residence, statements, turns }: Plan) =>
    registersOf(residence) <= load.registers && statements <= load.statements &&
    turns <= load.turns &&
    [...layout.grids.values()].every((grid) => visitsOf(grid, layout) <= load.visits);
  const isLoop = isRepeated(fused.stage);
  const counts = fused.limits.isSoftware && isLoop ? softwareLaneCounts : laneCounts;
  for (const lanes of counts.filter((lanes) => lanes < most)) {
    const plan = planOf(fused, fixed, { lanes, ownSequences: false });
    if (isLight(plan)) return plan;
  }
  return planOf(fused, fixed, { lanes: most, ownSequences: false });
}

/** Sequences below which a lane for each leaves too many lanes without work. */
const FEWEST_SEQUENCES = 32;
/** Elements that the text of a stage may visit, and its statements. */
const [MOST_VISITS, MOST_STATEMENTS] = [4096, 5000];

/** A plan that gives each lane a sequence, if that suits the stage. */
function sequencePlan(fused: Fused, fixed: FixedAxes): Plan | undefined {
  const { schedule, extents: { sequences }, limits } = fused;
  const passes = schedule.groups.flat().filter(({ domain }) => domain.hasBatchAxis);
  const visits = passes.reduce((sum, pass) => sum + visitsOfText(pass), 0);
  const lanes = upTo(laneCounts[0]!, sequences);
  if (fused.owner === "sequence" || sequences < FEWEST_SEQUENCES) return undefined;
  if (lanes > limits.lanes || visits > MOST_VISITS) return undefined;
  const plan = planOf(fused, fixed, { lanes, ownSequences: true });
  return plan.statements <= MOST_STATEMENTS ? plan : undefined;
}

/** Statements that say which owner a workgroup has. */
export function ownerSymbols({ owner, extents }: Fused): string[] {
  const { replicas, sequences } = extents;
  if (owner === "replica") {
    return ["let r = group.y * groups.x + group.x;", `if (r >= ${replicas}u) { return; }`];
  }
  return [
    "let owner = group.y * groups.x + group.x;",
    `if (owner >= ${replicas * sequences}u) { return; }`,
    `let r = owner / ${sequences}u;`,
    `let b = owner % ${sequences}u;`,
  ];
}

const sharingOf = ({ lanes, ownSequences }: Layout): Sharing => ({ lanes, ownSequences });

/** A kernel, and how its passes are shared out. */
export interface FusedKernel {
  readonly kernel: KernelSource;
  readonly sharing: Sharing;
}

/**
 * The kernel of all passes and steps of a stage, with one workgroup for each sequence or replica.
 *
 * @param sharing default: the one with which lanes have not too much to do, and touch the fewest sectors.
 */
export function fusedKernel(fused: Fused, sharing?: Sharing): FusedKernel {
  const fixed: FixedAxes = new Set(
    fused.owner === "sequence" ? [symbols.replica, symbols.sequence] : [symbols.replica],
  );
  const plans = sharing
    ? [planOf(fused, fixed, sharing)]
    : [gridPlan(fused, fixed), sequencePlan(fused, fixed)];
  const [first, second] = plans.map((plan) =>
    plan && { kernel: kernelOf(fused, fixed, plan), sharing: sharingOf(plan.layout) }
  );
  const touched = ({ kernel: { traffic } }: FusedKernel) =>
    sectorsOf(traffic, fused.memory).touched;
  return second && touched(second) < touched(first!) ? second : first!;
}

/** Comments that say what lies where in workgroup memory. */
const contentsOf = (residence: Residence): string[] =>
  [...residence.values()].flatMap(({ place, region }) =>
    region ? [`// from ${region.from}: ${holderOf(place).name}`] : []
  );

/** The kernel of a plan. */
function kernelOf(fused: Fused, fixed: FixedAxes, plan: Plan): KernelSource {
  const { schedule, memory, extents, stage, owner, title, limits } = fused;
  const { layout, residence } = plan;
  const elements = residentElements(memory, residence, fixed);
  const { isSoftware, subgroup } = limits;
  const passes = unitsOf(layout, { elements, places: schedule.places, subgroup });
  const { lanes, grids } = layout;
  const needed = Math.max(wordsOf(residence), ...passes.map(({ words }) => words));
  const staged = Math.max(needed, STAGED_WORDS);
  const context = { memory, extents, fixed, lanes, words: staged, isSoftware };
  const resident = residentText(residence, context);
  const units = [...copiesOfStep(residence, context), ...passes];
  const words = resident.isStaged ? staged : needed;
  const regionOf = (place: Place) => residence.get(holderOf(place))!.region!;
  const statements = withBarriers(units, { isRepeated: isRepeated(stage), regionOf });
  const body = [
    "let k = iteration.index;",
    ...ownerSymbols(fused),
    ...[...grids.values()].flatMap(gridSymbols),
    ...resident.before,
    ...overSteps(stage, [...resident.eachStep, ...statements], extents),
    ...resident.after,
  ];
  const workgroup = words > 0
    ? [...contentsOf(residence), `var<workgroup> ${SCRATCHPAD}: array<f32, ${words}>;`]
    : [];
  const workgroups = extents.replicas * (owner === "sequence" ? extents.sequences : 1);
  const runs = stepsOfLaunch(stage, extents);
  return {
    source: kernelText(body, { arenas: memory.arenas.length, lanes, title, workgroup }),
    workgroups,
    traffic: {
      passes: [
        ...units.map(({ traffic }) => ({ ...traffic, owners: workgroups, runs })),
        ...resident.traffic.map(({ isOfStep, ...traffic }) => ({
          ...traffic,
          owners: workgroups,
          runs: isOfStep ? runs : 1,
        })),
      ],
      barriers: statements.filter((line) => line.endsWith("Barrier();")).length * runs,
      // WebGPU counts in units of 16 bytes.
      workgroupBytes: 16 * Math.ceil(words / 4),
      registers: registersOf(residence) + Math.max(...units.map(({ lines }) => mostLive(lines))),
      turns: loopTurns(body),
    },
  };
}
