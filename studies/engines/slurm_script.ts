/** The batch script of the tasks of a Slurm array: each works on a shard. */
import { join } from "node:path";
import { exitCodes } from "../../core/training/exit_codes.ts";
import { shellWord } from "./shell_word.ts";
import type { SiteOptions } from "./site_options.ts";
import { type Place, type ShardedCommand, workerCommand } from "./worker_command.ts";

export interface SlurmWork extends ShardedCommand {
  /** The name of the job. */
  readonly name: string;
  /** Folder of the logs of tasks, absolute. */
  readonly logs: string;
  /** Cores that a task uses. */
  readonly cores: number;
}

/** Seconds before the end of its time at which a task is told. A device may be silent for 60 of them. */
const NOTICE = 120;

/**
 * The script. Its argument is added to the number of a task, which makes the number of the shard: an array has
 * an end.
 *
 * The signal of its last minutes, USR2, comes to the shell alone. It passes it on, waits until the trainings have
 * saved and left with code 75, and puts the task back into the queue. SIGTERM is passed on as well, but comes
 * from a user who cancels, or from Slurm, which puts the task back itself.
 */
export function slurmScript(
  work: SlurmWork,
  { place, site }: { place: Place; site: SiteOptions },
): string {
  const { name, logs, cores } = work;
  // Slurm puts numbers in the place of %A and %a.
  const log = `${join(logs.replaceAll("%", "%%"), "%A_%a.log")}`;
  const own = [
    ...[`job-name=${shellWord(name)}`, `output=${shellWord(log)}`, "open-mode=append"],
    ...["requeue", `signal=B:USR2@${NOTICE}`, "ntasks=1", `cpus-per-task=${cores}`],
  ];
  return [
    "#!/bin/bash",
    ...own.map((option) => `#SBATCH --${option}`),
    ...site.options,
    "",
    ...site.commands,
    `cd ${shellWord(place.workingFolder)} || exit`,
    "shard=$((SLURM_ARRAY_TASK_ID + ${1:-0}))",
    `${workerCommand(work, { place, shard: '"$shard"' })} &`,
    ...ending,
    "",
  ].join("\n");
}

const ending = [
  "training=$!",
  `trap 'is_over=yes; kill -USR2 "$training" 2> /dev/null' USR2`,
  `trap 'kill -TERM "$training" 2> /dev/null' TERM`,
  "# A signal ends wait before the training has ended.",
  'while wait "$training"; code=$?; [ "$code" -gt 128 ] && kill -0 "$training" 2> /dev/null; do :; done',
  `if [ "$code" = ${exitCodes.preempted} ] && [ -n "$is_over" ]; then`,
  '  scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"',
  "fi",
  'exit "$code"',
];
