/** What a notebook shows of a run: how it went, its newest metrics, and where it lies. */
import { drawTable } from "../report/html.ts";
import { meanOf } from "../core/training/sums.ts";
import type { StoredRun } from "./stored_run.ts";

/** The run by MIME types, as Deno's kernel for Jupyter takes it. */
export function showRun(run: StoredRun): Record<string, string> {
  const { config: { task, model, updater }, replicas, folder } = run;
  const status = run.status();
  const facts: [name: string, value: string][] = [
    ["task", task.name],
    ["model", model.name],
    ["learning rule", updater.name],
    ["networks", replicas.map(({ label }) => label).slice(0, 8).join("; ")],
    ["state", status?.endReason ?? status?.state ?? "not begun"],
    ["iterations", String(status?.iterations ?? 0)],
    ...Object.entries(status?.metrics ?? {})
      .filter(([name]) => /^(train|eval|test)\//.test(name))
      .map(([name, values]): [string, string] => [name, meanOf(values).toPrecision(4)]),
    ["folder", folder],
  ];
  return {
    "text/html": drawTable({ columns: ["run", ""], rows: facts }),
    "text/plain": facts.map((fact) => fact.join(": ")).join("\n"),
  };
}
