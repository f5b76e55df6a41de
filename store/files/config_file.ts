/** `config.json`: the resolved config of a run. */
import { join } from "node:path";
import { readJsonFile, writeJsonFile } from "./json_file.ts";

/** Writes the resolved config of a run. @throws TypeError when a number is not finite */
export function writeConfig(folder: string, config: object): void {
  writeJsonFile(join(folder, "config.json"), config);
}

/** Reads it back, not yet checked against any schema. @throws DamagedFileError */
export function readConfig(folder: string): Record<string, unknown> {
  return readJsonFile(join(folder, "config.json"));
}
