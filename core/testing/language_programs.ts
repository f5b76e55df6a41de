/** One program for every area of the step language; each stores all its results in slots. */
import type { Extents, Shape } from "../axes.ts";
import { elementwise, type Value } from "../program/elementwise.ts";
import * as l from "../program/language.ts";
import {
  type FunctionCase,
  functionGroups,
  inputsOf,
  type MatrixSizes,
} from "./language_functions.ts";
import { operationCases, type Range } from "./operation_domains.ts";
import { createProgram, type Loop, type Program } from "../program/program.ts";

interface Input {
  readonly shape: Shape;
  readonly shared?: boolean;
  readonly hasTimeAxis?: boolean;
}

interface Area {
  readonly extents: Extents;
  readonly loop?: Loop;
  readonly inputs: Readonly<Record<string, Input>>;
  readonly write: (x: Readonly<Record<string, Value>>) => Readonly<Record<string, Value>>;
  /** Slots that are overwritten, by the name of the result. */
  readonly overwrite?: readonly string[];
}

const single: Extents = { replicas: 1, sequences: 1, steps: 1 };

const composed: Readonly<Record<string, Area>> = {
  "elementwise functions, 33 units": {
    extents: { replicas: 2, sequences: 3, steps: 1 },
    inputs: {
      x: { shape: [33] },
      y: { shape: [33] },
      s: { shape: [] },
      c: { shape: [33], shared: true },
    },
    write({ x, y, s, c }) {
      const positive = l.add(l.abs(x!), 0.1);
      return {
        exp: l.exp(l.mul(x!, 5)),
        log: l.log(positive),
        tanh: l.tanh(l.mul(y!, 3)),
        sigmoid: l.sigmoid(l.mul(x!, 8)),
        gelu: l.gelu(l.mul(x!, 4)),
        slope: elementwise("geluDerivative", l.mul(x!, 4)),
        sqrt: l.sqrt(positive),
        sign: l.sign(x!),
        floor: l.floor(l.mul(x!, 7)),
        finite: l.finite(x!),
        quotient: l.div(x!, l.add(positive, l.square(s!))),
        negative: l.neg(l.sub(x!, c!)),
        clamp: l.clamp(x!, -0.5, l.abs(y!)),
        comparisons: l.add(
          l.less(x!, y!),
          l.mul(2, l.lessEqual(y!, s!)),
          l.mul(4, l.equal(x!, x!)),
        ),
        where: l.where(l.less(x!, 0), y!, c!),
        logSigmoid: l.logSigmoid(l.mul(x!, 8)),
        huber: l.huber(x!, l.abs(y!)),
        smoothAbs: l.smoothAbs(x!, 0.1),
        norm: l.norm(x!),
        gather: l.gather(x!, l.floor(l.mul(l.abs(s!), 33))),
        iota: l.mul(l.iota(x!, 33), s!),
        oneHot: l.oneHot(l.floor(l.mul(l.abs(s!), 33)), 33),
      };
    },
  },
  "products, 17 by 5": {
    extents: { replicas: 2, sequences: 3, steps: 1 },
    inputs: {
      a: { shape: [17, 5] },
      w: { shape: [17, 5], shared: true },
      x: { shape: [5] },
      y: { shape: [17] },
      b: { shape: [17], shared: true },
    },
    write: ({ a, w, x, y, b }) => ({
      matvec: l.tanh(l.add(l.matvec(a!, x!), l.matvec(w!, x!), b!)),
      vecmat: l.vecmat(y!, l.mul(a!, w!)),
      outer: l.add(l.outer(y!, x!), w!),
      transpose: l.mul(l.transpose(a!), l.row(y!)),
      through: l.matvec(l.transpose(l.add(a!, w!)), y!),
      rows: l.reduce(a!, { axes: ["pre"], kind: "max" }),
      columns: l.reduce(l.abs(a!), { axes: ["post"], kind: "max" }),
      softmax: l.softmax(l.mul(y!, 3)),
      logSumExp: l.logSumExp(l.matvec(a!, x!)),
      dot: l.dot(y!, b!),
      mean: l.mean(l.square(a!)),
      norms: l.div(l.matvec(a!, x!), l.sqrt(l.sum(l.square(a!)))),
    }),
  },
  "one unit, one of everything": {
    extents: single,
    inputs: { a: { shape: [1, 1] }, x: { shape: [1] }, s: { shape: [] } },
    write: ({ a, x, s }) => ({
      matvec: l.tanh(l.matvec(a!, x!)),
      outer: l.mul(l.outer(x!, x!), a!, s!),
      transpose: l.add(l.transpose(a!), l.row(x!)),
      softmax: l.softmax(x!),
      concat: l.concat(x!, s!),
    }),
  },
  "concatenations and slices": {
    extents: { replicas: 1, sequences: 3, steps: 1 },
    inputs: {
      x: { shape: [5] },
      y: { shape: [3] },
      s: { shape: [] },
      c: { shape: [2], shared: true },
      a: { shape: [4, 11] },
    },
    write({ x, y, s, c, a }) {
      const joined = l.concat(x!, y!, s!, c!);
      return {
        all: joined,
        middle: l.slice(joined, 4, 5),
        product: l.matvec(a!, joined),
        end: l.exp(l.slice(l.tanh(joined), 7, 4)),
        nested: l.concat(l.slice(joined, 2, 4), l.concat(c!, l.softmax(y!))),
        spread: l.mul(l.slice(x!, 1, 1), y!),
      };
    },
  },
  "sums over the batch": {
    extents: { replicas: 2, sequences: 5, steps: 1 },
    inputs: { a: { shape: [3, 3] }, x: { shape: [3] }, b: { shape: [3], shared: true } },
    write: ({ a, x, b }) => ({
      mean: l.batchMean(l.mul(a!, l.row(x!))),
      counted: l.batchSum(b!),
      norm: l.div(a!, l.sqrt(l.batchSum(l.sum(l.square(a!))))),
      again: l.matvec(l.batchMean(a!), l.sub(x!, l.batchMean(x!))),
      largest: l.reduce(l.perSequence(l.mul(x!, b!)), { axes: ["sequence"], kind: "max" }),
      numbered: l.add(l.mul(x!, l.sequenceIndex(x!)), l.stepIndex(x!)),
      gathered: l.batchSum(l.mul(l.oneHot(l.sequenceIndex(x!), 4), l.sum(x!))),
    }),
  },
  "sums over the steps": {
    extents: { replicas: 2, sequences: 5, steps: 6 },
    inputs: {
      y: { shape: [3], hasTimeAxis: true },
      x: { shape: [7], hasTimeAxis: true },
      position: { shape: [7], hasTimeAxis: true, shared: true },
      bias: { shape: [3], hasTimeAxis: true, shared: true },
      a: { shape: [3, 7], shared: true },
    },
    write({ y, x, position, bias, a }) {
      const over = { axes: ["time", "sequence"] as const };
      return {
        product: l.reduce(l.outer(y!, x!), over),
        updated: l.add(a!, l.mul(0.1, l.reduce(l.outer(y!, x!), over))),
        // A factor that all sequences share, in two nested loops.
        position: l.reduce(l.outer(y!, position!), over),
        post: l.reduce(l.outer(bias!, x!), over),
        own: l.reduce(l.outer(y!, x!), { axes: ["time"] }),
        vector: l.reduce(y!, over),
        transposed: l.tanh(l.transpose(l.reduce(l.outer(y!, x!), over))),
      };
    },
  },
  "a mean over sequences that move on at once": {
    extents: { replicas: 2, sequences: 3, steps: 4 },
    loop: "forward",
    inputs: {
      y: { shape: [5] },
      h: { shape: [5, 5] },
      mean: { shape: [5], shared: true },
      w: { shape: [5, 5], shared: true },
      x: { shape: [5], hasTimeAxis: true },
      position: { shape: [5], hasTimeAxis: true, shared: true },
    },
    overwrite: ["y", "h", "mean", "w"],
    write: ({ y, h, x, position }) => ({
      mean: l.batchMean(y!),
      w: l.batchMean(h!),
      y: l.tanh(l.add(y!, x!, l.softmax(position!))),
      h: l.mul(0.5, h!, l.row(x!)),
    }),
  },
  "one lane that multiplies by a number of each sequence": {
    extents: { replicas: 2, sequences: 3, steps: 4 },
    loop: "forward",
    inputs: { h: { shape: [1, 1] }, a: { shape: [] }, w: { shape: [1, 1], shared: true } },
    overwrite: ["h", "w"],
    write: ({ h, a, w }) => ({ h: l.add(l.mul(h!, a!), w!), w: l.mul(0.5, w!) }),
  },
  "a sum of one element that all lanes read": {
    extents: { replicas: 2, sequences: 3, steps: 4 },
    loop: "forward",
    inputs: { h: { shape: [1, 1] }, y: { shape: [1] }, v: { shape: [33] } },
    overwrite: ["y", "v"],
    write({ h, y, v }) {
      const [post, pre] = [l.matvec(h!, y!), l.vecmat(y!, h!)];
      return { y: l.tanh(l.add(post, pre)), v: l.add(l.mul(v!, l.tanh(pre)), post) };
    },
  },
  "a loop whose stores overwrite what others read": {
    extents: { replicas: 2, sequences: 3, steps: 5 },
    loop: "forward",
    inputs: {
      a: { shape: [3] },
      b: { shape: [3] },
      s: { shape: [] },
      h: { shape: [3, 3] },
      k: { shape: [3, 3] },
      l: { shape: [3, 3] },
      w: { shape: [3, 3], shared: true },
      x: { shape: [3], hasTimeAxis: true },
    },
    overwrite: ["a", "b", "s", "h", "k", "l", "w"],
    write({ a, b, s, h, k, l: m, w, x }) {
      const next = l.tanh(l.add(l.matvec(h!, a!), l.matvec(w!, b!), x!));
      return {
        a: b!,
        b: next,
        s: l.dot(a!, b!),
        h: l.add(l.mul(h!, 0.9), l.mul(0.1, l.outer(next, a!))),
        k: l.mul(0.5, l.add(k!, l.transpose(k!)), s!),
        l: l.add(l.transpose(m!), l.mul(0.1, k!)),
        w: l.sub(w!, l.mul(0.01, l.batchMean(l.outer(next, b!)))),
      };
    },
  },
};

/** A drawn value of [-1, 1], moved to a range. */
const movedTo = ([low, high]: Range, x: Value): Value =>
  l.add(l.mul(x, (high - low) / 2), (high + low) / 2);

/** Every operation of the table: vectors of 33, matrices of 17 by 5, numbers. */
const listed = (shape: Shape): Area => ({
  extents: { replicas: 2, sequences: 3, steps: 1 },
  inputs: { x: { shape }, y: { shape }, z: { shape, shared: true } },
  write: ({ x, y, z }) =>
    Object.fromEntries(operationCases.map(({ op, ranges }) => {
      const operands = ranges.map((range, index) => movedTo(range, [x!, y!, z!][index]!));
      return [op, elementwise(op, ...operands)];
    })),
});

/** Functions of the table, on matrices of n by m. */
function functions(cases: readonly FunctionCase[], sizes: MatrixSizes): Area {
  const all = cases.map((each) => ({ each, given: inputsOf(each, sizes) }));
  const named = all.flatMap(({ each: { name }, given }) =>
    Object.entries(given).map(([input, value]) => [`${input} of ${name}`, value] as const)
  );
  return {
    extents: { replicas: 2, sequences: 3, steps: 1 },
    inputs: Object.fromEntries(
      named.map(([name, { shape, hasBatchAxis }]) => [name, { shape, shared: !hasBatchAxis }]),
    ),
    write: (x) =>
      Object.fromEntries(all.map(({ each, given }) => {
        const operands = Object.entries(given).map(([input, { low, high }]) =>
          [input, movedTo([low, high], x[`${input} of ${each.name}`]!)] as const
        );
        return [each.name, each.f(Object.fromEntries(operands) as Parameters<typeof each.f>[0])];
      })),
  };
}

const areas: Readonly<Record<string, Area>> = {
  ...Object.fromEntries(
    Object.entries(functionGroups).flatMap(([group, cases]) => [
      [`functions ${group}, 5 by 9`, functions(cases, { n: 5, m: 9 })],
      [`functions ${group}, 1 by 1`, functions(cases, { n: 1, m: 1 })],
    ]),
  ),
  "every elementwise operation, 33 units": listed([33]),
  "every elementwise operation, 17 by 5": listed([17, 5]),
  "every elementwise operation, numbers": listed([]),
  ...composed,
};

/** The areas as programs with the procedure `main`. */
export function languagePrograms(): { name: string; program: Program }[] {
  return Object.entries(areas).map(([name, area]) => {
    const { extents, loop = "none", inputs, write, overwrite = [] } = area;
    const builder = createProgram(extents);
    for (const [input, { shape, shared = false, hasTimeAxis = false }] of Object.entries(inputs)) {
      const kind = hasTimeAxis ? "input" : "parameter";
      builder.slot(input, { kind, shape, hasBatchAxis: !shared, hasTimeAxis });
    }
    builder.stage("main", { name: "main", loop }, (stage) => {
      const loads = Object.keys(inputs).map((input) => [input, stage.load(input)] as const);
      for (const [result, value] of Object.entries(write(Object.fromEntries(loads)))) {
        const slot = overwrite.includes(result) ? result : `result/${result}`;
        if (slot !== result) {
          const { shape, hasBatchAxis } = value;
          builder.slot(slot, { kind: "optimizer", shape, hasBatchAxis });
        }
        stage.store(slot, value);
      }
    });
    return { name, program: builder.build() };
  });
}
