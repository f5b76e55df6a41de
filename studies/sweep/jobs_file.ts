/** `jobs.json`: the jobs of a sweep. It is replaced as a whole, so a killed process leaves the old list or the new one. */
import { z } from "../../deps/zod.ts";
import { firstProblem } from "../../config/explain_issue.ts";
import { DamagedFileError } from "../../store/files/damaged_file_error.ts";
import { readJsonFile } from "../../store/files/json_file.ts";
import { sizeLimits } from "../../store/files/open_file.ts";
import { writeFileAtomic } from "../../store/files/atomic_file.ts";
import type { Trial } from "../search/trial.ts";
import type { SweepJob } from "./sweep_job.ts";

/** The jobs that there are. */
export interface JobList {
  readonly jobs: readonly SweepJob[];
  /** Whether no points will be added. */
  readonly isComplete: boolean;
}

const jobList = z.strictObject({
  is_complete: z.boolean(),
  jobs: z.array(z.strictObject({
    name: z.string().regex(/^\d{4,}$/),
    trials: z.array(z.strictObject({
      number: z.int().min(0),
      values: z.record(z.string(), z.json()),
    })).min(1),
  })),
});

/** @throws DamagedFileError when the file is not a list of jobs */
export function readJobs(path: string): JobList {
  const value = readJsonFile(path, { limit: sizeLimits.numbers });
  const { data, error } = jobList.safeParse(value);
  if (!data) throw new DamagedFileError(path, firstProblem(error, value));
  return { jobs: data.jobs as SweepJob[], isComplete: data.is_complete };
}

/** A line a job: the list of a large sweep stays readable, and short. */
export function writeJobs(path: string, { jobs, isComplete }: JobList): void {
  const lines = jobs.map((job) => `    ${JSON.stringify(job)}`).join(",\n");
  writeFileAtomic(path, `{\n  "is_complete": ${isComplete},\n  "jobs": [\n${lines}\n  ]\n}\n`);
}

/** Jobs of groups of trials, with the names that follow those that there are. */
export function namedJobs(
  groups: readonly (readonly Trial[])[],
  before: readonly SweepJob[] = [],
): SweepJob[] {
  const last = before.reduce((last, { name }) => Math.max(last, Number(name)), 0);
  return groups.map((trials, index) => ({
    name: String(last + index + 1).padStart(4, "0"),
    trials,
  }));
}
