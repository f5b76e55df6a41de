/** Writes what a run holds in formats of others: networks for NumPy and PyTorch, metrics as tables. */
import { join, resolve } from "node:path";
import type { Replica } from "../../config/replicas.ts";
import type { RunConfig } from "../../config/run_config.ts";
import { writeFileAtomic } from "../../store/files/atomic_file.ts";
import type { CheckpointChoice } from "../../store/judged_checkpoint.ts";
import { readStatus } from "../../store/files/status.ts";
import { makeInnerFolder } from "../../store/files/inner_folder.ts";
import { runName } from "../../store/stored_run.ts";
import { exportNetworks } from "./export_networks.ts";
import { readmeText } from "./readme_text.ts";
import { summaryTable } from "./summary_table.ts";
import { tidyMetrics } from "./tidy_metrics.ts";
import { writeCsv } from "./write_csv.ts";
import { writeParquet } from "./write_parquet.ts";

/** What an export may hold. */
export const exportParts = ["networks", "csv", "parquet"] as const;
export type ExportPart = typeof exportParts[number];

export interface ExportOptions {
  readonly config: RunConfig;
  /** [P], all networks of the run. */
  readonly replicas: readonly Replica[];
  /** Those of them that are written; metrics are those of all. */
  readonly chosen: readonly Replica[];
  /** Of networks that passed a level. */
  readonly level?: string | undefined;
  /** Of a checkpoint; default: the best networks if the run keeps them, or else the newest. */
  readonly checkpoint?: CheckpointChoice | undefined;
  /** Default: all. */
  readonly parts?: readonly ExportPart[] | undefined;
  /** Where to write; default: `export` in the folder of the run. Files of an earlier export are replaced. */
  readonly out?: string | undefined;
}

/**
 * Writes an export with a README that says how to load it.
 *
 * @returns its folder, and the files in it.
 * @throws UsageError if there is no such network.
 * @throws DamagedFileError if a file of the run is damaged.
 */
export async function exportRun(
  folder: string,
  { config, replicas, chosen, level, checkpoint, parts = exportParts, out }: ExportOptions,
): Promise<{ folder: string; files: readonly string[] }> {
  const run = runName(folder);
  // All that may be damaged is read before anything is written.
  const hasTables = parts.some((part) => part !== "networks");
  const table = hasTables ? tidyMetrics(folder, { run, replicas }) : undefined;
  const status = hasTables ? readStatus(folder) : undefined;
  const target = out === undefined ? makeInnerFolder(folder, ["export"]) : resolve(out);
  Deno.mkdirSync(target, { recursive: true });
  const networks = parts.includes("networks")
    ? exportNetworks(folder, { config, replicas, chosen, level, checkpoint, out: target })
    : undefined;
  const metrics: string[] = [];
  if (table && parts.includes("csv")) {
    writeCsv(join(target, "metrics.csv"), table);
    const summary = summaryTable({ run, replicas, metrics: status?.metrics ?? {} });
    writeCsv(join(target, "summary.csv"), summary);
    metrics.push("metrics.csv", "summary.csv");
  }
  if (table && parts.includes("parquet")) {
    await writeParquet(join(target, "metrics.parquet"), table);
    metrics.push("metrics.parquet");
  }
  const content = { run, ...networks ? { networks } : {}, metrics, ...table ? { table } : {} };
  writeFileAtomic(join(target, "README.md"), readmeText(content));
  const written = networks
    ? [
      ...networks.names.flatMap((name) => [`networks/${name}.npz`, `networks/${name}.safetensors`]),
      "network.py",
    ]
    : [];
  return { folder: target, files: [...written, ...metrics, "README.md"] };
}
