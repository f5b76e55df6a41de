/** Examines the newest checkpoint of a run. */
import type { OnDevice } from "../../config/build/on_device.ts";
import { checkTargets } from "../../store/check_targets.ts";
import { writeJsonFile } from "../../store/files/json_file.ts";
import type { OwnCode } from "../../store/stored_code.ts";
import { readNewestCheckpoint, readRunConfig, readStoredSettings } from "../../store/stored_run.ts";
import { type Examination, examinationPath } from "./examination.ts";
import { examine } from "./examine.ts";
import { networksOf, requireExamined } from "./networks.ts";

/**
 * Examines the newest checkpoint of a run and writes `examination.json` into its folder. All requests
 * are checked before the device is opened.
 *
 * @param options.tries tries of each network for each share of flipped bits.
 * @param options.starts random first states of each network.
 * @param options.say receives a line on what is being examined.
 * @param options.code the learning rule, if it is of no table.
 * @throws UsageError, DamagedFileError, NoAdapterError
 */
export async function examineRun(
  folder: string,
  { tries, starts, device, say, code }: {
    tries: number;
    starts: number;
    device: OnDevice;
    say: (line: string) => void;
    code?: OwnCode;
  },
): Promise<Examination> {
  requireExamined(readStoredSettings(folder));
  const config = readRunConfig(folder, code);
  checkTargets(folder, [examinationPath(folder)]);
  const checkpoint = readNewestCheckpoint(folder, config);
  networksOf(checkpoint, config);
  const examination = await device((backend) =>
    examine(checkpoint, { config, backend, tries, starts, say })
  );
  writeJsonFile(examinationPath(folder), examination);
  return examination;
}
