/** Losses and learning rules that are wrong. */
import type { WrongCode } from "./wrong_code.ts";

const inLoss = (change: WrongCode["change"], says: string, at: string): WrongCode => ({
  file: "task",
  change,
  says,
  at,
});
const inUpdater = (
  change: WrongCode["change"],
  says: string,
  at = "export default defineUpdater",
): WrongCode => ({ file: "updater", change, says, at });

const judged = "return { loss, weight: mask, sums: { loss, steps: mask } };";
const built = "return updaters.bptt.build(learning, config);";

/** A loss of `defineLoss` in the place of the written one, wrong in one place. */
const inDefinedLoss = (from: string, to: string, says: string, at = "defineLoss({"): WrongCode => {
  const defined = `const squaredError = defineLoss({
  name: "own", inputs: { target: [] },
  step({ output, targets: { target } }) {
    const error = sub(output, target);
    return { loss: square(error), sums: { error } };
  },
  metrics: { error: metric.rootMeanSquare("error", { unit: "mV" }) },
});
const unused = {`;
  return {
    file: "task",
    change: ["const squaredError = {", defined.replace(from, to)],
    imports: "defineLoss, metric",
    says,
    at,
  };
};

/** A rule that learns after every step, wrong in one place; the model that it trains has no layers. */
const inStepRule = (from: string, to: string, says: string): WrongCode => {
  const defined = `return perStepProgram(learning, {
      config, optimizer: "sgd", trains: () => false,
      gradients: (step) => new Map([["decay", batchSum(step.loss)]]),
    });`;
  return {
    file: "updater",
    change: [built, defined.replace(from, to)],
    imports: "batchSum, perStepProgram",
    says,
    at: "perStepProgram(",
  };
};

const metricError = 'Loss own: metric "error"';

export const wrongRules: readonly WrongCode[] = [
  inLoss(
    ["square(sub(output, target))", "[1]"],
    "where: expected a traced value or a number, got an array",
    "const loss =",
  ),
  inLoss(
    [judged, "return { weight: mask, sums: { loss, steps: mask } };"],
    "Loss squared-error: expected a traced scalar as loss of a step, got undefined",
    "const loss =",
  ),
  inLoss(
    [judged, "return { loss, sums: { loss, steps: mask } };"],
    "Loss squared-error: expected a traced scalar as weight of a step, got undefined",
    "const loss =",
  ),
  inLoss(
    [judged, "return { loss, weight: mask, sums: { loss, stps: mask } };"],
    `Loss squared-error: metric "loss" is made of a sum "steps" (did you mean stps?)`,
    "const loss =",
  ),
  inLoss(
    [
      `metrics: { loss: ["loss", "steps"]`,
      `metrics: { loss: { kind: "value", sums: ["loss"], of: (x: number) => x }`,
    ],
    `Loss squared-error: metric "loss" is expected to be a ratio of two sums`,
    "const loss =",
  ),
  inLoss([judged, ""], "Loss squared-error: step returns undefined", "const loss ="),
  inLoss(
    ["metrics: { loss:", "metrics: { lss:"],
    `Loss squared-error: its metrics have no "loss" (did you mean lss?)`,
    "const loss =",
  ),
  inDefinedLoss("name:", "nam:", `defineLoss: unknown key "nam" (did you mean name?)`),
  inDefinedLoss("unit:", "unt:", `${metricError}: unknown key "unt" (did you mean unit?)`),
  inDefinedLoss(
    'unit: "mV"',
    'better: "les"',
    `${metricError}: better: expected more or less, got "les" (did you mean less?)`,
  ),
  inDefinedLoss(
    'metric.rootMeanSquare("error", { unit: "mV" })',
    "(error) => error",
    `${metricError}: expected an object`,
  ),
  inDefinedLoss(
    'Square("error"',
    'Square("eror"',
    'Loss own: a metric is made of "eror" (did you mean error?); the step gives steps, error, loss',
  ),
  inDefinedLoss(
    "loss: square(error)",
    "loss: 3",
    "Loss own: expected a scalar loss of a step, got 3",
  ),
  inDefinedLoss(
    "return { loss: square(error), sums: { error } };",
    "",
    "Loss own: expected a scalar loss of a step, got undefined",
  ),
  inDefinedLoss(
    "inputs: { target: [] },",
    'inputs: { target: [] }, reads: ["fast"],',
    'defineLoss: reads: unknown key "0"; keys are observed, state',
  ),
  inDefinedLoss(
    "inputs: { target: [] },",
    'inputs: { target: [] }, reads: { state: ["fst"] },',
    'Loss own of model net: expected the state "fst", got fast',
    "",
  ),
  inStepRule("trains:", "trans:", `perStepProgram: unknown key "trans" (did you mean trains?)`),
  inStepRule(
    '"sgd"',
    '"sdg"',
    `adam, adam_published, adamw, lion, nesterov, rmsprop, got "sdg"`,
  ),
  inStepRule(
    'new Map([["decay", batchSum(step.loss)]])',
    "undefined",
    "perStepProgram: gradients: expected a Map by slot, got undefined",
  ),
  inStepRule(
    '"decay"',
    '"deca"',
    `A gradient of "deca", which is no parameter (did you mean decay?); there are w, readout, decay`,
  ),
  inStepRule('"decay"', '"w"', `The gradient of "w" is a scalar, expected a matrix(3, 2)`),
  ...[
    ["chain(3)", "chain: expected optimizers, got 3"],
    ["adamW({ dcay: 0.1 })", `adamW: unknown key "dcay" (did you mean decay?)`],
    [`scaleByAdam({ first: "a" })`, `scaleByAdam: expected a number as "first", got the text "a"`],
    [
      "momentum(0.9, { nestrov: true })",
      `momentum: unknown key "nestrov" (did you mean nesterov?)`,
    ],
    ["warmUp({ update: 3 })", `warmUp: unknown key "update" (did you mean updates?)`],
  ].map(([optimizer = "", says = ""]): WrongCode => ({
    file: "updater",
    change: [built, `return updaters.bptt.build(learning, {\noptimizer: ${optimizer} });`],
    imports: "adamW, chain, momentum, scaleByAdam, warmUp",
    says,
    at: "optimizer: ",
  })),
  inUpdater([built, ""], "Updater mine: build returns nothing, expected a program"),
  inUpdater([built, "return 3;"], "Updater mine: build returns something else, expected a program"),
  inUpdater([
    built,
    "const program = updaters.bptt.build(learning, config); program.procedures.delete('evaluate'); return program;",
  ], `Updater mine: its program has no procedure "evaluate"`),
  inUpdater(
    [built, "return updaters.bptt.build(learning, { rate: 1 });"],
    'Unrecognized key: "rate"',
    "rate: 1",
  ),
  inUpdater(
    ["build(learning", "biuld(learning"],
    `defineUpdater: unknown key "biuld" (did you mean build?)`,
  ),
  inUpdater(
    [built, "return updaters.bptt.biuld(learning, config);"],
    "updaters.bptt.biuld is not a function",
    "bptt.biuld",
  ),
];
