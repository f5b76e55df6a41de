/** Models whose equations or declarations are wrong. */
import type { WrongCode } from "./wrong_code.ts";

const inModel = (
  change: WrongCode["change"],
  says: string,
  at = "export default defineModel",
): WrongCode => ({ file: "model", change, says, at });

const returned = "return { state: { fast: next }, output: y };";

const given = "the step is given parameters w, readout, decay; state fast; inputs x";

export const wrongModels: readonly WrongCode[] = [
  inModel(
    ["parameters:", "paramters:"],
    `defineModel: unknown key "paramters" (did you mean parameters?)`,
  ),
  inModel(
    ["({ x: [inputs] })", "({ w: [inputs] })"],
    `Model net: "w" is a parameter and an input, expected names of their own`,
  ),
  inModel(
    ["normal(0.3)", "normal"],
    "Expected an initializer, such as normal(0.1), got a function; is it to be called?",
    "readout: vector",
  ),
  inModel(["  inputs: ({ inputs }) => ({ x: [inputs] }),\n", ""], `defineModel: expected "inputs"`),
  inModel(
    [returned, "return { state: { fast: next }, ouput: y };"],
    `Model net: the step returns "ouput" (did you mean output?)`,
  ),
  inModel([returned, "return { state: { fast: next } };"], "Model net: the step returns no output"),
  inModel(
    [returned, "return { state: { fast: next }, output: 1 };"],
    "Model net: the step returns 1 as output, expected a traced value",
  ),
  inModel([returned, ""], "Model net: the step returns undefined, expected { state, output }"),
  inModel(
    [returned, "return { state: {}, output: y };"],
    `Model net: the step returns no state "fast"`,
  ),
  inModel(
    [returned, "return { output: y };"],
    "Model net: the step returns undefined as state, expected an object",
  ),
  inModel(
    [returned, "return { state: { fst: next }, output: y };"],
    `Model net: the step returns an undeclared state "fst" (did you mean fast?)`,
  ),
  inModel(
    [returned, "return { state: { fast: h }, output: y };"],
    `Model net: the next state "fast" is a vector(3), declared is a matrix(3, 2)`,
    "const h =",
  ),
  inModel(
    [returned, "return { state: { fast: [1] }, output: y };"],
    `Model net: the next state "fast" is an array, expected a traced value`,
  ),
  inModel(
    [returned, "return { state: { fast: next }, output: h };"],
    "Model net: the output is a vector(3), the task judges a scalar",
    "const h =",
  ),
  inModel(
    [returned, "return { state: { fast: next }, output: y, observed: { h: 1 } };"],
    `Model net: observed "h" is 1, expected a traced value`,
  ),
  inModel(
    ["matvec(add(w, fast), x)", "matvec(add(w, fast), readout)"],
    "matvec: matrix(3, 2) needs vector(2), got vector(3)",
    "const h =",
  ),
  inModel(
    ["add(w, fast)", "add(w, readout)"],
    "add: shapes do not fit together: matrix(3, 2) and vector(3)",
    "const h =",
  ),
  inModel(
    ["step({ w, readout, decay }", "step({ w, readout, rate: decay }"],
    `Model net: multiply: expected a traced value or a number, got undefined; ${given}`,
    "const next",
  ),
  inModel(["mul(decay, fast)", "mul(decay, fst)"], "fst is not defined", "const next"),
  inModel(
    ["{ x }) {", "{ y: x }) {"],
    `Model net: matvec: expected a traced value, got undefined; ${given}`,
    "const h =",
  ),
  inModel(
    ["mul(decay, fast)", 'mul("decay", fast)'],
    `Model net: multiply: expected a traced value or a number, got the text "decay"; ${given}`,
    "const next",
  ),
  inModel(
    ["decay: scalar(0.9)", "decay: 0.9"],
    `Model net: parameters: expected scalar(), vector() or matrix() for "decay", got 0.9`,
  ),
  inModel(
    ["matrix(hidden, inputs, normal(0.5))", "matrix(hidden, 0)"],
    "Extents must be whole numbers of at least 1, got 3 x 0",
    "w: matrix",
  ),
  inModel(
    ['fromTask: ["inputs"]', "fromTask: []"],
    `--inputs: nobody gives the "inputs" of model net`,
  ),
  inModel(
    ['fromTask: ["inputs"]', 'fromTask: ["input"]'],
    `Model net: fromTask names "input" (did you mean inputs?), which is no setting of its config`,
  ),
  inModel(
    ["x: [inputs] }", "x: [inputs], y: [] }"],
    `Task sums makes no input "y"; it makes x, target, mask`,
    "",
  ),
  inModel(
    ["const y = dot(readout, h);", "const y = dot(readout, h).value;"],
    "Model net: the step returns no output",
  ),
  inModel(['import { z } from "zod";', ""], "z is not defined", "config: z"),
  inModel(["dot, matrix", "dott as dot, matrix"], "does not provide an export named 'dott'", ""),
  inModel(["export default", "export const"], "SyntaxError: Expected a semicolon", "export const"),
  inModel(
    ["export default defineModel", "const net = defineModel"],
    "it exports no model, expected what defineModel returns",
    "",
  ),
  inModel(
    ["scalar(0.9)", "scalar(NaN)"],
    "scalar: constant: expected a finite number as value, got NaN",
    "scalar(NaN)",
  ),
  inModel(
    ["scalar(0.9)", 'scalar("0.9")'],
    `scalar: expected a number, got the text "0.9"`,
    'scalar("0.9")',
  ),
  inModel(
    ["normal(0.5)", "normal(1 / 0)"],
    "normal: expected a finite number as deviation, got Infinity",
    "normal(1 / 0)",
  ),
  {
    ...inModel(
      ["vector(hidden, normal(0.3))", "vector(hidden, fromArray([1, 2]))"],
      "vector(3): fromArray has 2 numbers",
      "fromArray([1",
    ),
    imports: "fromArray",
  },
  inModel(
    ["mul(decay, fast)", "mul(NaN, fast)"],
    "Expected a traced value or a number, got NaN",
    "mul(NaN",
  ),
  inModel(
    ["readout: vector(", "fast: scalar(0), readout: vector("],
    `Model net: "fast" is a parameter and a state, expected names of their own`,
  ),
  inModel(
    ["x: [inputs] }", "x: [inputs], w: [] }"],
    `Model net: "w" is a parameter and an input, expected names of their own`,
  ),
  inModel(
    ['name: "net"', "name: 3"],
    `defineModel: expected a text of one line as "name", got 3`,
  ),
  inModel(
    ['name: "net"', 'name: "a\\nb"'],
    `defineModel: expected a text of one line as "name", got "a\\nb"`,
  ),
  inModel(["z.strictObject({", "({"], `defineModel: expected a schema as "config"`),
  inModel(
    ["({ inputs, hidden }) => ({ fast: matrix(hidden, inputs) })", "{ }"],
    `defineModel: expected a function as "state"`,
  ),
];
