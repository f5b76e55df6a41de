import assert from "node:assert/strict";
import { z } from "../deps/zod.ts";
import { dfa } from "../updaters/dfa.ts";
import { defineUpdater, type Updater } from "../updaters/updater.ts";
import { Catalogue, tablesOnly } from "./catalogue.ts";
import { setAssignment } from "./config_file.ts";
import { namedModel, publishedSettings, withOurNames } from "./published_names.ts";
import { resolveConfig } from "./resolve_config.ts";

const resolve = (...texts: string[]) => resolveConfig(texts.map(setAssignment));

Deno.test("published names of settings become ours, for either model", () => {
  const cases: [
    texts: string[],
    section: "model" | "updater" | "training",
    key: string,
    unknown,
  ][] = [
    [["model.plasticity=3e4"], "model", "plast_clip", 3e4],
    [["model.name=ephemeral", "model.plasticity=7"], "model", "plast_clip", 7],
    [["model.name=plastic_rnn", "model.plasticity=off"], "model", "plasticity", false],
    [["model.plasticity=False"], "model", "plasticity", false],
    [["model.ephemeral_fraction=0.1"], "model", "plast_proportion", 0.1],
    [["updater.weight_clamp=2"], "updater", "clip_weights", 2],
    [["updater.unit_norm_weights=True"], "updater", "normalize", true],
    [["updater.dfa_fprime=True"], "updater", "activation_derivative", true],
    [["updater.ephemeral_update_clamp=0.3"], "updater", "grad_clip", 0.3],
    [["updater.grad_norm_clip=0.3"], "updater", "grad_norm_clip", 0.3],
    [["model.name=rnn", "updater.grad_norm_clip=0.3"], "updater", "grad_clip", 0.3],
    [["model.name=rnn", "updater.ephemeral_update_clamp=3"], "updater", "grad_clip", 0],
    [["training.checkpoint_save_freq=50"], "training", "checkpoint_every", 50],
  ];
  for (const [texts, section, key, expected] of cases) {
    const settings: Readonly<Record<string, unknown>> = resolve(...texts).config[section];
    assert.equal(settings[key], expected, texts.join(" "));
  }
  assert.equal(resolve("model.name=ephemeral").config.model.name, "ethereal");
});

Deno.test("published names are swept as ours are", () => {
  const { config } = resolve("training.sweep=model.plasticity=3,4");
  assert.deepEqual(config.training.sweep, { "model.plast_clip": [3, 4] });
});

Deno.test("every published name means a setting that there is", () => {
  const { config } = resolve();
  for (const { section, name, key } of publishedSettings) {
    assert.ok(Object.hasOwn(config[section], key), name);
  }
});

Deno.test("a setting of an own entry keeps its name", () => {
  const config = z.strictObject({ learning_rate: z.number(), weight_clamp: z.number() });
  const entry = defineUpdater({ name: "own", config, build: (learning) => dfa.build(learning) });
  const catalogue = new Catalogue({ updater: { name: "own.ts", entry: entry as Updater } });
  const [assignment] = withOurNames([setAssignment("updater.weight_clamp=1")], {
    model: namedModel([], catalogue),
    catalogue,
  });
  assert.equal(assignment!.key, "weight_clamp");
});

Deno.test("a name that objects inherit is no published one", () => {
  assert.throws(() => resolve("model.name=toString"), /no model is named "toString"/);
});

Deno.test("a setting by two names is refused, whichever comes first", () => {
  const options = { model: namedModel([], tablesOnly), catalogue: tablesOnly };
  const two = ["updater.weight_clamp=1", "updater.clip_weights=2"].map(setAssignment);
  for (const assignments of [two, two.toReversed()]) {
    assert.throws(
      () => withOurNames(assignments, options),
      /^UsageError: --set updater\.weight_clamp: it means clip_weights, which --set updater\.clip_weights sets already$/,
    );
  }
});

Deno.test("typed settings of other models and updaters are named in one line and ignored", () => {
  const notes = (...texts: string[]) => resolve(...texts).notes;
  assert.deepEqual(notes("model.name=rnn", "model.plast_clip=3", "model.forget_rate=0"), [
    "note: --set model.plast_clip, --set model.forget_rate are ignored: " +
    "only model ethereal has such a setting, not rnn",
  ]);
  assert.deepEqual(notes("updater.name=bptt", "updater.fast_weight_clamp=3"), [
    "note: --set updater.fast_weight_clamp is ignored: " +
    "only updater dfa or backprop has such a setting, not bptt",
  ]);
  assert.deepEqual(notes("model.name=rnn", "updater.ephemeral_update_clamp=3"), [
    "note: --set updater.ephemeral_update_clamp is ignored: it acts on fast weights only",
  ]);
  assert.deepEqual(notes("model.name=rnn", "updater.clip_weights=3", "updater.wipe_every=3"), [
    "note: --set updater.clip_weights, --set updater.wipe_every are ignored: " +
    "each acts on fast weights only",
  ]);
});

Deno.test("a value that the other model would not take is refused", () => {
  const cases: [texts: string[], says: RegExp][] = [
    [
      ["model.name=rnn", "model.plast_clip=many"],
      /model\.plast_clip: expected a number, got "many"/,
    ],
    [["model.name=rnn", "model.forget_rate=2"], /model\.forget_rate: expected at most 1, got 2/],
    [["model.name=rnn", "updater.ephemeral_update_clamp=-1"], /expected at least 0, got -1/],
    [["updater.name=bptt", "updater.self_grad=much"], /expected a number, got "much"/],
    [["model.name=rnn", "model.plast_clop=3"], /model rnn has no setting "plast_clop"/],
  ];
  for (const [texts, says] of cases) assert.throws(() => resolve(...texts), says, texts.join(" "));
});
