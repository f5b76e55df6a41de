/** The table of the plastic layers of a hybrid network: how long they keep, how fast they learn. */
import { formatNumber } from "../format.ts";
import type { Table } from "../html.ts";
import type { Probe, Weights } from "../../analysis/probe/probe_network.ts";

interface HybridConfig {
  readonly network_type?: string;
  readonly plastic_types?: readonly string[];
}

const kinds: Readonly<Record<string, string>> = { M: "multiplicative", A: "additive" };

/** λ, σ(λ) and η of each plastic layer; undefined for a network without such layers. */
export function plasticTable({ parameters, model }: Probe): Table | undefined {
  const find = (name: string) => parameters.find((parameter) => parameter.name === name);
  const layers = parameters.flatMap(({ name }) => /^lambda_list\.(\d+)$/.exec(name)?.[1] ?? []);
  if (layers.length === 0) return undefined;
  const { network_type, plastic_types } = model.config as HybridConfig;
  return {
    columns: ["Layer", "Plasticity", "λ", "σ(λ), kept each frame", "η"],
    rows: layers.map((layer) => {
      const lambda = find(`lambda_list.${layer}`)!.values[0]!;
      const forgets = network_type === "Dyn_RO" && layer !== "0";
      return [
        layer,
        kinds[plastic_types?.[Number(layer)] ?? ""] ?? "",
        forgets ? "not used" : formatNumber(lambda),
        forgets ? "0: P is made anew each frame" : formatNumber(1 / (1 + Math.exp(-lambda))),
        rateText(find(`eta_matrix_list.${layer}`)),
      ];
    }),
  };
}

function rateText(rates: Weights | undefined): string {
  if (!rates) return "";
  const values = Array.from(rates.values);
  if (values.length === 1) return `${formatNumber(values[0]!)}, one number`;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const sd = Math.sqrt(squares / values.length);
  return `${rates.shape.join(" × ")}, mean ${formatNumber(mean)}, sd ${formatNumber(sd)}`;
}
