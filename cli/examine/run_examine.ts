/** What `examine` does, from its options to its exit code, and the file it leaves. */
import { openBackend } from "../../core/backends/open_backend.ts";
import type { DeviceName } from "../../core/backends/open_backend.ts";
import { DamagedFileError } from "../../runs/files/damaged_file_error.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import { writeJsonFile } from "../../runs/files/json_file.ts";
import { readNewestCheckpoint, readRunConfig } from "../../runs/stored_run.ts";
import { checkTargets } from "../../runs/check_targets.ts";
import { UsageError } from "../../config/usage_error.ts";
import { type Examination, examinationPath } from "../../analysis/examine/examination.ts";
import { examine } from "../../analysis/examine/examine.ts";
import { examinationLines } from "../../report/examination_lines.ts";
import { networksOf } from "../../analysis/examine/networks.ts";

export interface ExamineArguments {
  readonly folder: string;
  readonly tries: number;
  readonly starts: number;
  readonly device: DeviceName;
  readonly allowSoftwareAdapter: boolean;
  readonly threads: number | undefined;
}

export async function runExamine(values: ExamineArguments): Promise<number> {
  try {
    const found = await examineRun(values);
    writeJsonFile(examinationPath(values.folder), found);
    console.log(examinationLines(found).join("\n"));
    console.log(`examination: ${examinationPath(values.folder)}`);
    return exitCodes.ok;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    console.error(`error: ${message.replace(/\s*\n\s*/g, " ")}`);
    const isUnusable = error instanceof UsageError || error instanceof DamagedFileError;
    return isUnusable ? exitCodes.usage : exitCodes.failure;
  }
}

/** Everything that can be refused is refused before the device is opened. */
async function examineRun(
  { folder, tries, starts, device, allowSoftwareAdapter, threads }: ExamineArguments,
): Promise<Examination> {
  const config = readRunConfig(folder);
  checkTargets([examinationPath(folder)]);
  const checkpoint = readNewestCheckpoint(folder, config);
  networksOf(checkpoint, config);
  const choice = { device, allowSoftwareAdapter, ...threads === undefined ? {} : { threads } };
  const { backend, reason } = await openBackend(choice);
  console.error(reason);
  try {
    const say = (line: string) => console.error(`examining ${line}`);
    return await examine(checkpoint, { config, backend, tries, starts, say });
  } finally {
    backend.close();
  }
}
