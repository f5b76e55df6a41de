/**
 * The published comparison of the memory-encoding experiments, 12 cells, and rows that correct it.
 *
 * Its last script compares {ethereal, rnn} x {dfa, backprop, bptt} x {recurrence on, off} on 2_small_palindrome
 * with a rate of 1e-3, a plasticity of 1e4, forgetting of .01 and 20% of the weights highly plastic, residual, at
 * 512 x 3 and batches of 16, for an hour on a GPU. Here: 32 x 2 and batches of 4, with a rate of .03 and a
 * plasticity of 350, so that their product stays near 10, which is what such a network depends on. First fast
 * weights are 0, as published. `--set model.hidden_size=512` and others set the sizes.
 */
import type { Assignment } from "../../config/assignment.ts";
import { setAssignment } from "../../config/config_file.ts";
import type { Study } from "../experiment.ts";
import type { Draft, Published } from "./row.ts";

export const memoryStudies: readonly Study[] = [
  { name: "published", title: "The published cells" },
  { name: "corrected", title: "What the published code does not do, or does otherwise" },
];

const shared = [
  "task.name=2_small_palindrome_vary",
  "model.hidden_size=32",
  "model.num_layers=2",
  "model.input_mode=last_two",
  "updater.learning_rate=0.03",
  "training.batch_size=4",
];

const ethereal = [
  "model.name=ethereal",
  "model.residual_connection=true",
  "model.plast_clip=350",
  "model.plast_proportion=0.2",
  "model.forget_rate=0.01",
];
const rnn = ["model.name=rnn"];
const models = { ethereal, rnn } as const;

const updaters = {
  dfa: ["updater.name=dfa", "updater.grad_clip=0"],
  backprop: ["updater.name=backprop", "updater.grad_clip=0"],
  bptt: ["updater.name=bptt", "updater.grad_clip=0", "updater.optimizer=sgd"],
} as const;

const onFastWeights = ["updater.clip_weights=1", "updater.normalize=false"];
const zero = "model.initial_weights=zero";
const xavier = "model.initial_weights=xavier_uniform";

/** A rate that rounds every update away: no weight changes. */
const NO_UPDATE = "updater.learning_rate=1e-30";

type ModelName = keyof typeof models;
type UpdaterName = keyof typeof updaters;

interface Cell {
  readonly model: ModelName;
  readonly updater: UpdaterName;
  readonly isRecurrent: boolean;
}

function draftOf(
  { model, updater, isRecurrent }: Cell,
  { change, settings = [], ...rest }: {
    /** What is changed, for the title. */
    readonly change?: string;
    readonly settings?: readonly string[];
    readonly published?: Published;
    readonly studies: readonly string[];
  },
): Draft {
  const cell = `${model}, ${updater}, recurrence ${isRecurrent ? "on" : "off"}`;
  return {
    title: change === undefined ? cell : `${cell}, ${change}`,
    own: assignmentsOf([
      ...models[model],
      ...updaters[updater],
      ...model === "ethereal" ? [zero, ...updater === "bptt" ? [] : onFastWeights] : [],
      `model.enable_recurrence=${isRecurrent}`,
      ...settings,
    ]),
    ...rest,
  };
}

const assignmentsOf = (settings: readonly string[]): Assignment[] =>
  settings.map((setting) => ({ ...setAssignment(setting), origin: `memory-cells: ${setting}` }));

const noUpdate = "its code has no such branch: no weight is ever updated";

/** What is published of each cell: with recurrence and without. */
const published: readonly (readonly [ModelName, UpdaterName, on: Published, off: Published])[] = [
  ["ethereal", "dfa", {
    outcome: "Good",
    note:
      "its i2h is 0 and never updated, so that h is constant: the same network as without recurrence",
  }, { outcome: "Good", note: "the main claim" }],
  ["ethereal", "backprop", {
    outcome: "Poor",
    note: "explodes there; the gradient is that of the mean over the batch, 1/B of dfa's",
  }, { outcome: "Poor", note: "explodes there; 1/B as above" }],
  ["ethereal", "bptt", {
    outcome: "Mixed",
    note: "explodes there; one update a sequence, so nothing is written inside it",
  }, { outcome: "Fail", note: "no memory inside a sequence: a control" }],
  ["rnn", "dfa", { outcome: "Fail", note: noUpdate }, { outcome: "Fail", note: noUpdate }],
  ["rnn", "backprop", { outcome: "Good" }, { outcome: "Poor", note: "no memory: a control" }],
  ["rnn", "bptt", { outcome: "Good" }, { outcome: "Poor", note: "no memory: a control" }],
];

const cells: readonly Draft[] = published.flatMap(([model, updater, on, off]) =>
  [true, false].map((isRecurrent) =>
    draftOf({ model, updater, isRecurrent }, {
      published: isRecurrent ? on : off,
      settings: model === "rnn" && updater === "dfa" ? [NO_UPDATE] : [],
      studies: ["published"],
    })
  )
);

const corrections: readonly (readonly [ModelName, UpdaterName, boolean, string, string[]])[] = [
  ["rnn", "dfa", true, "trained", []],
  ["rnn", "dfa", false, "trained", []],
  ["ethereal", "dfa", true, "feedback to i2h", ["updater.recurrent_feedback=true"]],
  ["ethereal", "dfa", true, "Xavier weights", [xavier]],
  ["ethereal", "dfa", true, "feedback to i2h, Xavier weights", [
    "updater.recurrent_feedback=true",
    xavier,
  ]],
  ["ethereal", "dfa", false, "Xavier weights", [xavier]],
  ["ethereal", "dfa", false, "no highly plastic weights", ["model.plast_proportion=0"]],
  ["ethereal", "backprop", false, "without 1/B", ["updater.divide_by_batch=false"]],
  ["ethereal", "backprop", false, "plasticity twice", ["updater.plasticity_twice=true"]],
  ["ethereal", "backprop", false, "Xavier weights", [xavier]],
  ["ethereal", "bptt", true, "Xavier weights", [xavier]],
];

/** The 12 cells, then the corrected rows. */
export const memoryCells = {
  name: "memory-cells",
  title: "Memory cells: fast and slow weights, learning rules and recurrence",
  shared: assignmentsOf(shared),
  drafts: [
    ...cells,
    ...corrections.map(([model, updater, isRecurrent, change, settings]) =>
      draftOf({ model, updater, isRecurrent }, { change, settings, studies: ["corrected"] })
    ),
  ],
  studies: memoryStudies,
  iterations: 5000,
  seeds: Array.from({ length: 10 }, (_, index) => index + 1),
  baseline: "ethereal-dfa-recurrence-off",
} as const;
