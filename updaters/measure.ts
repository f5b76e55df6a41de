/**
 * Norms of weights and of their last changes, split into highly plastic (on the mask) and other
 * weights. Per layer, over all sequences; then the mean over layers. A model that does not say which
 * of its weights are layers has the norm and variance of each parameter measured instead.
 */
import { sizeOf } from "../core/axes.ts";
import type { Value } from "../core/program/elementwise.ts";
import {
  add,
  batchSum,
  concat,
  div,
  filled,
  finite,
  mul,
  outer,
  sqrt,
  square,
  sub,
  sum,
  where,
} from "../core/program/language.ts";
import { separate } from "../core/autodiff/separate.ts";
import type { Tap } from "../core/program/node.ts";
import type { ProgramBuilder, StageBuilder } from "../core/program/program.ts";
import { slotOf, tapsOf } from "./scaffold.ts";
import type { Learning } from "./updater.ts";

const norm = (x: Value): Value => {
  const squares = sum(square(x));
  return sqrt(squares.sequence ? batchSum(squares) : squares);
};

const factorSlots = (tap: Tap) => [`last/post/${tap.name}`, `last/pre/${tap.name}`] as const;

/** Keeps the factors of a layer's latest gradient that did not fall on padding. */
export function keepFactors(
  stage: StageBuilder,
  tap: Tap,
  { builder, gradient, weight }: { builder: ProgramBuilder; gradient: Value; weight: Value },
): void {
  const factors = separate(gradient);
  if (!factors) throw new TypeError(`The gradient of ${tap.name} is no outer product`);
  [factors.post, factors.pre].forEach((value, index) => {
    const name = factorSlots(tap)[index]!;
    builder.slot(name, { kind: "state", shape: value.shape, sequence: true });
    stage.store(name, where(weight, value, stage.load(name)));
  });
}

/** The gradient that `keepFactors` kept. */
export function keptGradient(stage: StageBuilder, tap: Tap): Value {
  const [post, pre] = factorSlots(tap);
  return outer(stage.load(post), stage.load(pre));
}

/** Mean squared distance from the mean, over all elements. */
function variance(x: Value): Value {
  const size = sizeOf(x.shape);
  const deviation = sub(x, div(sum(x), size));
  return div(sum(square(deviation)), size);
}

/** Norm and variance of each slow parameter that is trained; a single number is its own measure. */
function parameterMeasures(stage: StageBuilder, { model }: Learning): [string, Value][] {
  return Object.entries(model.parameters).flatMap(([name, { trained, fast, shape }]) => {
    if (!trained || fast) return [];
    const value = stage.load(name);
    if (sizeOf(shape) === 1) return [[name, sum(value)] as [string, Value]];
    return [[`norm/${name}`, norm(value)], [`variance/${name}`, variance(value)]] satisfies [
      string,
      Value,
    ][];
  });
}

/**
 * Adds the procedure `measure`: norms by group or by parameter, and how many trained numbers are
 * not finite.
 *
 * @param changeOf the last change of a layer's weight before the learning rate, if it has one.
 */
export function measureNorms(
  builder: ProgramBuilder,
  learning: Learning,
  changeOf: (stage: StageBuilder, tap: Tap) => Value | undefined,
): void {
  builder.stage("measure", { name: "measure" }, (stage) => {
    const taps = tapsOf(stage, learning);
    const zero = filled(stage.load("learning_rate"), 0, []);
    const means = (values: (tap: Tap) => Value | undefined): Value[] => {
      const groups = { high: [] as Value[], low: [] as Value[] };
      for (const tap of taps) {
        const value = values(tap);
        if (!value) continue;
        const mask = tap.plasticity?.mask ?? filled(value, 0, value.shape);
        groups.high.push(norm(mul(value, mask)));
        groups.low.push(norm(mul(value, sub(1, mask))));
      }
      return [groups.high, groups.low].map((norms) =>
        norms.length > 0 ? div(add(...norms), norms.length) : zero
      );
    };
    const trained = Object.entries(learning.model.parameters).filter(([, each]) => each.trained);
    const broken = trained.map(([name, { shape }]) => {
      const good = sum(finite(stage.load(name)));
      const bad = sub(sizeOf(shape), good);
      return bad.sequence ? batchSum(bad) : bad;
    });
    const groups = (): [string, Value][] => {
      const [high, low] = means(({ weight }) => stage.load(slotOf(weight)));
      const [highChange, lowChange] = means((tap) => changeOf(stage, tap));
      return [
        ["weight_norm_high", high!],
        ["weight_norm_low", low!],
        ["update_norm_high", highChange!],
        ["update_norm_low", lowChange!],
      ];
    };
    const measured = taps.length > 0 ? groups() : parameterMeasures(stage, learning);
    measured.push(["not_finite", add(...broken)]);
    const shape = [measured.length] as const;
    builder.slot("metrics/measure", { kind: "metric", shape, iteration: true });
    builder.nameMetrics("measure", measured.map(([name]) => name));
    stage.store("metrics/measure", concat(...measured.map(([, value]) => value)));
  });
}
