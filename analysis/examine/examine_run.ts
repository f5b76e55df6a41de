/** Examines the newest checkpoint of a run. */
import type { OnDevice } from "../../config/build/on_device.ts";
import { checkTargets } from "../../store/check_targets.ts";
import { writeJsonFile } from "../../store/files/json_file.ts";
import { readNewestCheckpoint, readRunConfig } from "../../store/stored_run.ts";
import { type Examination, examinationPath } from "./examination.ts";
import { examine } from "./examine.ts";
import { networksOf } from "./networks.ts";

/**
 * Examines the newest checkpoint of a run and writes `examination.json` into its folder. All requests
 * are checked before the device is opened.
 *
 * @param options.tries tries of each network for each share of flipped bits.
 * @param options.starts random first states of each network.
 * @param options.say receives a line on what is being examined.
 * @throws UsageError, DamagedFileError, NoAdapterError
 */
export async function examineRun(
  folder: string,
  { tries, starts, device, say }: {
    tries: number;
    starts: number;
    device: OnDevice;
    say: (line: string) => void;
  },
): Promise<Examination> {
  const config = readRunConfig(folder);
  checkTargets(folder, [examinationPath(folder)]);
  const checkpoint = readNewestCheckpoint(folder, config);
  networksOf(checkpoint, config);
  const examination = await device((backend) =>
    examine(checkpoint, { config, backend, tries, starts, say })
  );
  writeJsonFile(examinationPath(folder), examination);
  return examination;
}
