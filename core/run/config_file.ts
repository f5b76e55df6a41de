/** `config.json`: the resolved config of a run, and the hash that ties checkpoints to it. */
import { createHash } from "node:crypto";
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

/** SHA-256 of a config as JSON with sorted keys: equal configs have equal hashes. */
export function hashConfig(config: object): string {
  const sorted = (_: string, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1))
      : value;
  return createHash("sha256").update(JSON.stringify(config, sorted)).digest("hex");
}
