/** `README.md` of an export: what lies in it, and how it is loaded. */
import type { ModelInstance } from "../../core/program/model.ts";
import { describeInput } from "../../core/program/input.ts";
import type { ExportedNetworks } from "./export_networks.ts";
import { tensorName } from "./tensor_name.ts";
import type { TidyTable } from "./tidy_metrics.ts";

export interface ExportContent {
  /** The id of the run. */
  readonly run: string;
  /** Undefined: none were written. */
  readonly networks?: ExportedNetworks;
  /** Files of metrics, with their columns; empty: none were written. */
  readonly metrics: readonly string[];
  readonly table?: TidyTable;
}

export function readmeText({ run, networks, metrics, table }: ExportContent): string {
  return [
    `# ${run}\n\nWritten by \`hebb runs export\`.`,
    ...networks ? [networksText(networks)] : [],
    ...table && metrics.length > 0 ? [metricsText(metrics, table)] : [],
  ].join("\n\n") + "\n";
}

function networksText({ model, names, tensors, iterations }: ExportedNetworks): string {
  const first = names[0]!;
  const updates = [...new Set(iterations)].join(", ");
  return `## Networks

\`networks/\` holds ${
    names.length === 1 ? "one network" : `${names.length} networks`
  } of the model \`${model.name}\` after ${updates} updates,
each as \`.npz\` and as \`.safetensors\`, with the same arrays. Matrices are [post, pre], as those of \`nn.Linear\`.

| array | shape | what it is |
|---|---|---|
${tensorRows(model, tensors).join("\n")}

NumPy; \`network.py\` needs nothing else, and runs the network from its equations:

\`\`\`python
import numpy as np
from network import load, run

w = load("networks/${first}.npz")
outputs = run(w, ${exampleOf(model)})  # one sequence
\`\`\`

The zeros stand for what a task gives. Numbers are float64; those of a training on a cpu or gpu are float32, so the last
digits differ. No learning rule changes weights: the network runs as \`evaluate\` runs it.

PyTorch:

\`\`\`python
import numpy as np
import torch

with np.load("networks/${first}.npz") as arrays:
    state = {name: torch.from_numpy(arrays[name]) for name in arrays.files}
# With the package safetensors: state = safetensors.torch.load_file("networks/${first}.safetensors")
# A module whose parameters have these names: module.load_state_dict(state)
\`\`\``;
}

/** Zeros for every input of a sequence of some steps, and the steps where no input has them. */
function exampleOf(model: ModelInstance): string {
  const steps = 20;
  const inputs = Object.entries(model.inputs).map(([name, input]) => ({
    name,
    ...describeInput(input),
  }));
  const zeros = inputs.map(({ name, shape, perStep }) => {
    const sizes = [...perStep ? [steps] : [], ...shape];
    return `"${name}": np.zeros([${sizes.join(", ")}])`;
  });
  const hasSteps = inputs.some(({ perStep }) => perStep);
  return `{${zeros.join(", ")}}${hasSteps ? "" : `, steps=${steps}`}`;
}

function tensorRows(model: ModelInstance, tensors: ExportedNetworks["tensors"]): string[] {
  const summaries = new Map(
    Object.entries(model.parameters).map(([name, { summary, trained }]) =>
      [tensorName(name), summary ?? (trained ? "trained" : "constant")] as const
    ),
  );
  return [...tensors].map(([name, { shape }]) =>
    `| \`${name}\` | [${shape.join(", ")}] | ${
      summaries.get(name) ?? "first state of a sequence"
    } |`
  );
}

function metricsText(files: readonly string[], { columns }: TidyTable): string {
  const tables = ["metrics.csv", "metrics.parquet"].filter((name) => files.includes(name));
  const names = columns.map(({ name }) => `\`${name}\``).join(", ");
  const loads = tables.map((name) => `metrics = pandas.read_${name.split(".")[1]}("${name}")`);
  return `## Metrics

${tables.map((name) => `\`${name}\``).join(" and ")}${
    tables.length > 1 ? " are the same table" : ""
  }: a row for each network at each
logged iteration. Columns: ${names}.
A metric that a row lacks is empty; one that is not finite is NaN or infinite.

\`\`\`python
import pandas

${loads.join("  # or: ")}
\`\`\`
${
    files.includes("summary.csv")
      ? "\n`summary.csv` has the newest value of every metric, those on test sequences too: a row for each network."
      : ""
  }`;
}
