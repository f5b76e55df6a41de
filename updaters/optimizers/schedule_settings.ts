/** The table of schedules of the learning rate, and their settings; tests go over it. */
import { CodeError } from "../../core/code_error.ts";
import { didYouMean } from "../../core/similar_name.ts";
import { z } from "../../deps/zod.ts";
import { haveIt } from "./mod.ts";
import type { Schedule } from "./schedule.ts";
import {
  afterWarmUp,
  cosineDecay,
  exponentialDecay,
  linearDecay,
  oneCycle,
  stepDecay,
} from "./schedules.ts";

/** How the learning rate changes while a network is trained. */
export type ScheduleName =
  | "constant"
  | "step"
  | "exponential"
  | "linear"
  | "cosine"
  | "one_cycle";

/** What the learning rate follows; every setting that is missing is off, or as in PyTorch. */
export interface ScheduleConfig {
  /** The schedule, by name or a function of one's own. Default: constant. */
  readonly schedule?: ScheduleName | Schedule;
  /** Iterations until `linear`, `cosine` and `one_cycle` have ended, warm-up included; 0: all of the training. */
  readonly schedule_iterations?: number;
  /** Iterations in which the rate first rises to its full value; 0: none. */
  readonly warm_up?: number;
  /** Iterations between two steps of `step`. */
  readonly step_size?: number;
  /** Factor of each step of `step`, or of each iteration of `exponential`. */
  readonly gamma?: number;
  /** Share of the rate that `linear` and `cosine` end with. */
  readonly end_factor?: number;
  /** Share of `one_cycle` in which the rate rises. */
  readonly pct_start?: number;
  /** `one_cycle` begins at a div_factor-th of the rate. */
  readonly div_factor?: number;
  /** It ends at a final_div_factor-th of where it began. */
  readonly final_div_factor?: number;
}

/** A schedule of the table. */
export interface ScheduleEntry {
  /** The settings that it has, beside `warm_up`. */
  readonly takes: readonly (keyof ScheduleConfig)[];
  /** Makes it. `length` are the iterations that it has, warm-up left out; asked for only where it has an end. */
  make(given: ScheduleConfig, length: () => number): Schedule;
}

/** Every schedule, by its name in settings. */
export const schedules: Readonly<Record<ScheduleName, ScheduleEntry>> = {
  constant: { takes: [], make: () => () => 1 },
  step: {
    takes: ["step_size", "gamma"],
    make({ step_size: every, gamma = 0.1 }) {
      if (every === undefined) throw new RangeError("step_size: schedule step needs it");
      return stepDecay({ every, gamma });
    },
  },
  exponential: {
    takes: ["gamma"],
    make({ gamma }) {
      if (gamma === undefined) throw new RangeError("gamma: schedule exponential needs it");
      return gamma === 1 ? () => 1 : exponentialDecay({ halfTime: -Math.LN2 / Math.log(gamma) });
    },
  },
  linear: {
    takes: ["schedule_iterations", "end_factor"],
    make: ({ end_factor: least = 0 }, length) => linearDecay({ updates: length(), least }),
  },
  cosine: {
    takes: ["schedule_iterations", "end_factor"],
    make: ({ end_factor: least = 0 }, length) => cosineDecay({ updates: length(), least }),
  },
  one_cycle: {
    takes: ["schedule_iterations", "pct_start", "div_factor", "final_div_factor"],
    make: ({ pct_start = 0.3, div_factor = 25, final_div_factor = 1e4 }, length) =>
      oneCycle({ updates: length(), pct_start, div_factor, final_div_factor }),
  },
};

/** The names of the table, as settings list them. */
export const scheduleNames = Object.keys(schedules) as ScheduleName[];

const ownSchedule = z.custom<Schedule>((value) => typeof value === "function")
  .meta({ typeName: "Schedule" });

const iterations = z.int().min(0).max(999_999_999_999);

/** The settings of `scheduleOf`. */
export const scheduleConfig = {
  schedule: z.union([z.enum(scheduleNames), ownSchedule], {
    error: `expected one of ${scheduleNames.join(", ")}`,
  }).default("constant").describe(
    "What the learning rate of all but highly plastic weights follows while they train",
  ),
  schedule_iterations: iterations.optional().describe(
    "Iterations after which linear, cosine and one_cycle have ended, warm-up included (default: all of the training, also of one that is continued with more)",
  ),
  warm_up: iterations.default(0).describe(
    "Iterations in which the rate first rises in a line to its full value; the schedule follows (0: none)",
  ),
  step_size: iterations.min(1).optional().describe(
    "Iterations between two steps of schedule step",
  ),
  gamma: z.number().positive().max(1).optional().describe(
    "Factor of each step of schedule step (default: 0.1), or of each iteration of exponential",
  ),
  end_factor: z.number().min(0).max(1).optional().describe(
    "Share of the rate that schedules linear and cosine end with (default: 0)",
  ),
  pct_start: z.number().gt(0).lt(1).optional().describe(
    "Share of schedule one_cycle in which the rate rises (default: 0.3)",
  ),
  div_factor: z.number().min(1).optional().describe(
    "Schedule one_cycle begins at the rate divided by this (default: 25)",
  ),
  final_div_factor: z.number().min(1).optional().describe(
    "It ends where it began, divided by this (default: 10000)",
  ),
};

/** The settings that not every schedule has. */
export const schedulesOnly = Object.keys(scheduleConfig).filter((key) =>
  key !== "schedule" && key !== "warm_up"
) as (keyof ScheduleConfig)[];

/** Whether a rate does not stay as it is. */
export const isScheduled = ({ schedule = "constant", warm_up = 0 }: ScheduleConfig): boolean =>
  schedule !== "constant" || warm_up > 0;

/**
 * The factor that settings describe, by the number of iterations before this one; undefined: always 1.
 *
 * @param trained iterations of the whole training, if they are known.
 * @throws CodeError if there is no schedule of the name.
 * @throws RangeError for a setting that the schedule does not have, or lacks.
 */
export function scheduleOf(
  { warm_up: warmUp = 0, ...settings }: ScheduleConfig,
  trained?: number,
): Schedule | undefined {
  const { schedule: name = "constant" } = settings;
  const decay = typeof name === "function" ? name : named(name, settings, {
    length() {
      const length = settings.schedule_iterations || trained;
      if (length === undefined) {
        throw new RangeError(
          "schedule_iterations: expected the iterations of the training, got none",
        );
      }
      if (length > warmUp) return length - warmUp;
      throw new RangeError(`warm_up: expected less than the ${length} iterations of the schedule`);
    },
  });
  if (!isScheduled({ schedule: name, warm_up: warmUp })) return undefined;
  return warmUp === 0 ? decay : afterWarmUp(decay, { updates: warmUp });
}

function named(
  name: ScheduleName,
  settings: ScheduleConfig,
  { length }: { length: () => number },
): Schedule {
  if (!Object.hasOwn(schedules, name)) {
    throw new CodeError(
      `schedule: expected a function or one of ${scheduleNames.join(", ")}, got ` +
        JSON.stringify(name) + didYouMean(String(name), scheduleNames),
    );
  }
  const { takes, make } = schedules[name];
  const stranger = schedulesOnly.find((key) => settings[key] && !takes.includes(key));
  if (stranger === undefined) return make(settings, length);
  const owners = scheduleNames.filter((other) => schedules[other].takes.includes(stranger));
  throw new RangeError(`${stranger}: schedule ${name} has none; ${haveIt(owners)}`);
}
