/** How the values of a setting lie on an axis. */
import { isLogParameter } from "../../search/is_log_parameter.ts";
import { plain } from "../../../report/plain_text.ts";
import type { JsonValue } from "../../search/trial.ts";
import type { Parameter } from "../../search/sweep_file.ts";
import { valueText } from "../results.ts";

/** The axis of a setting: numbers on a linear or logarithmic scale, or values side by side. */
export interface ParameterScale {
  readonly kind: "linear" | "log" | "category";
  /** The place of a value between 0 and 1; NaN of a value that it does not have. */
  place(value: JsonValue): number;
  readonly ticks: readonly { readonly place: number; readonly text: string }[];
}

/** Most values that have a tick of their own. */
const MOST_TICKS = 8;
/** Most values of an axis of values side by side. */
const MOST_CATEGORIES = 24;

/**
 * The scale of the values of a parameter. It is logarithmic where its distribution is, or a list of numbers is spread
 * by factors.
 */
export function parameterScale(
  { domain }: Pick<Parameter, "domain">,
  values: readonly JsonValue[],
): ParameterScale {
  const numbers = values.filter((value): value is number => typeof value === "number");
  if (numbers.length === 0 || numbers.length < values.length) return categories(values);
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const isLog = sorted[0]! > 0 && sorted.length > 1 &&
    isLogParameter({ domain });
  const [to, from] = isLog ? [Math.log, Math.exp] : [Number, Number];
  const [low, high] = [to(sorted[0]!), to(sorted.at(-1)!)];
  const place = (value: number) => high === low ? 0.5 : (to(value) - low) / (high - low);
  const tens = isLog ? powersOfTen(sorted[0]!, sorted.at(-1)!) : [];
  const ticked = sorted.length <= MOST_TICKS
    ? sorted
    : tens.length > 1
    ? tens
    : [0, 0.25, 0.5, 0.75, 1].map((share) => from(low + share * (high - low)));
  return {
    kind: isLog ? "log" : "linear",
    place: (value) => typeof value === "number" ? place(value) : NaN,
    ticks: apart(ticked.map((value) => ({ place: place(value), text: tickText(value) }))),
  };
}

function powersOfTen(low: number, high: number): number[] {
  const [first, last] = [Math.ceil(Math.log10(low)), Math.floor(Math.log10(high))];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => 10 ** (first + index));
}

const tickText = (value: number): string => valueText(Number(value.toPrecision(3)));

/** Ticks whose texts do not touch. */
function apart<T extends { readonly place: number }>(ticks: readonly T[]): T[] {
  const kept: T[] = [];
  for (const tick of ticks) {
    if (tick.place - (kept.at(-1)?.place ?? -1) >= 0.06) kept.push(tick);
  }
  return kept;
}

function categories(values: readonly JsonValue[]): ParameterScale {
  const texts = [...new Set(values.map(valueText))].slice(0, MOST_CATEGORIES);
  const place = (text: string) => {
    const index = texts.indexOf(text);
    return index < 0 ? NaN : texts.length === 1 ? 0.5 : index / (texts.length - 1);
  };
  return {
    kind: "category",
    place: (value) => place(valueText(value)),
    ticks: texts.map((text) => ({ place: place(text), text: plain(text) })),
  };
}
