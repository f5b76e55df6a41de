/** First values of hybrid memory networks. */
import assert from "node:assert/strict";
import type { Declaration } from "../core/program/declaration.ts";
import { drawInitial } from "../core/program/draw_initial.ts";
import { hybrid } from "./hybrid.ts";

type Settings = Readonly<Record<string, unknown>>;

function firstValues(settings: Settings, seed = 1): (name: string) => Float32Array {
  const { parameters } = hybrid.instantiate({ inputs: 9, hidden_dims: [12, 8], ...settings });
  return (name) => {
    const { shape, initial } = parameters[name] as Declaration;
    const values = new Float32Array(shape.reduce((product, extent) => product * extent, 1));
    drawInitial(initial, values, { shape, name, seed, replica: 0, steps: 1, step: 0 });
    return values;
  };
}

const etas = [0, 1].map((layer) => `eta_matrix_list.${layer}`);
const isMixed = (values: Float32Array) => values.some((x) => x > 0) && values.some((x) => x < 0);

Deno.test("anti-Hebbian rates: W ∘ η of a multiplicative layer and η of an additive one are negative", () => {
  const valueOf = firstValues({ plastic_types: ["M", "A"] });
  const weights = valueOf("weight_matrix_list.0");
  assert.ok(isMixed(weights));
  assert.ok(valueOf(etas[0]!).every((eta, index) => eta * weights[index]! < 0));
  assert.ok(valueOf(etas[1]!).every((eta) => eta < 0));
});

Deno.test("anti-Hebbian rates are the random ones but for their signs", () => {
  const [own, published] = ["anti_hebbian", "random"].map((initial_rates) =>
    firstValues({ initial_rates })
  );
  for (const name of etas) {
    assert.deepEqual(own!(name).map(Math.abs), published!(name).map(Math.abs));
    assert.ok(isMixed(published!(name)));
  }
  const name = "weight_matrix_list.0";
  assert.deepEqual(own!(name), published!(name));
});

Deno.test("a column of rates has signs in an additive layer only, one number stays -0.5", () => {
  const valueOf = firstValues({ plastic_types: ["M", "A"], hetero_rates: [0.5, 0.5] });
  assert.ok(isMixed(valueOf(etas[0]!)));
  assert.ok(valueOf(etas[1]!).every((eta) => eta < 0));
  const single = firstValues({ hetero_rates: [0, 0] });
  for (const name of etas) assert.deepEqual([...single(name)], [-0.5]);
});

Deno.test("Nonl_RO has random signs unless asked otherwise", () => {
  const settings = { network_type: "Nonl_RO", plastic_types: ["A"], hetero_rates: [1] };
  assert.ok(isMixed(firstValues(settings)(etas[0]!)));
  const asked = firstValues({ ...settings, initial_rates: "anti_hebbian" });
  assert.ok(asked(etas[0]!).every((eta) => eta < 0));
});
