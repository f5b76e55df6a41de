/** Which replicas of a run diverged, after which update and in what. */
import { replicaNames } from "../replica_names.ts";
import type { RunFiles } from "../run_files.ts";

/** Replicas that are named at most. */
const MOST_NAMED = 8;

/**
 * Such as `1 of 3 replicas diverged: seed 2 at update 17 (w).`; empty where none did.
 */
export function divergenceSentence(files: RunFiles): string {
  const { diverged = [] } = files.status;
  if (diverged.length === 0) return "";
  const labels = replicaNames(files);
  const texts = diverged.slice(0, MOST_NAMED).map(({ replica, iteration, names: [name] }) =>
    `${labels[replica] ?? `replica ${replica}`} at update ${iteration} (${name ?? "a number"})`
  );
  const rest = diverged.length - texts.length;
  const others = rest > 0 ? `; and ${rest} more` : "";
  const count = Math.max(labels.length, diverged.length);
  return `${diverged.length} of ${count} replica${count > 1 ? "s" : ""} diverged: ` +
    `${texts.join("; ")}${others}.`;
}
