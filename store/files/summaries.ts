/**
 * What TensorBoard shows, as values of a Summary (tensorflow/core/framework/summary.proto): tag = 1, simple_value = 2,
 * histo = 5, tensor = 8, metadata = 9. Of metadata plugin_data = 1: plugin_name = 1, content = 2.
 */
import {
  bytesField,
  concat,
  doubleField,
  doublesField,
  floatField,
  integerField,
  messageField,
  textField,
} from "./protobuf.ts";

/** A value of a Summary, in its bytes. */
export type Summary = Uint8Array;

/** A point of a curve. */
export const scalar = (tag: string, value: number): Summary =>
  concat([textField(1, tag), floatField(2, value)]);

/** Steps of a histogram. */
const buckets = 30;
/** Most numbers that a histogram counts; of more, every n-th is. */
const mostCounted = 200_000;

/**
 * How many of some numbers lie where, in 30 steps of equal width. Numbers that are not finite are left out.
 *
 * HistogramProto: min = 1, max = 2, num = 3, sum = 4, sum_squares = 5, bucket_limit = 6, bucket = 7.
 */
export function histogram(tag: string, values: ArrayLike<number>): Summary {
  const stride = Math.ceil(values.length / mostCounted);
  const forEach = (visit: (value: number) => void) => {
    for (let index = 0; index < values.length; index += stride) {
      if (Number.isFinite(values[index])) visit(values[index]!);
    }
  };
  let [least, most, count, sum, squares] = [Infinity, -Infinity, 0, 0, 0];
  forEach((value) => {
    least = Math.min(least, value);
    most = Math.max(most, value);
    count++;
    sum += value;
    squares += value * value;
  });
  if (count === 0) [least, most] = [0, 0];
  const width = (most - least) / buckets;
  const counts = new Array<number>(width > 0 ? buckets : 1).fill(0);
  const last = counts.length - 1;
  forEach((value) =>
    counts[width > 0 ? Math.min(last, Math.floor((value - least) / width)) : 0]!++
  );
  const limits = counts.map((_, index) => index === last ? most : least + (index + 1) * width);
  const facts = [least, most, count, sum, squares]
    .map((value, index) => doubleField(index + 1, value));
  const histo = [...facts, doublesField(6, limits), doublesField(7, counts)];
  return concat([textField(1, tag), messageField(5, histo)]);
}

/** What belongs to a plugin: its name, and a message of its own. */
const pluginField = (name: string, content: Uint8Array): Uint8Array =>
  messageField(9, [messageField(1, [textField(1, name), bytesField(2, content)])]);

/** A text in Markdown. TensorProto: dtype = 1 (string: 7), tensor_shape = 2, string_val = 8. */
export const markdown = (tag: string, text: string): Summary =>
  concat([
    textField(1, tag),
    messageField(8, [integerField(1, 7), messageField(2, []), textField(8, text)]),
    pluginField("text", integerField(1, 0)),
  ]);

/** What a setting may be. */
export type HparamValue = number | string | boolean;

/**
 * The settings of a run, for the table of hyperparameters. Its metrics are the scalars of the run.
 *
 * HParamsPluginData (tensorboard/plugins/hparams/plugin_data.proto): version = 1, session_start_info = 3; of that
 * hparams = 1 (name = 1, value = 2), start_time_secs = 5.
 */
export const hparams = (
  settings: Readonly<Record<string, HparamValue>>,
  seconds: number,
): Summary => {
  const entries = Object.entries(settings).map(([name, value]) =>
    messageField(1, [textField(1, name), messageField(2, [hparamField(value)])])
  );
  return hparamsSummary("_hparams_/session_start_info", 3, [...entries, doubleField(5, seconds)]);
};

/** google.protobuf.Value. */
const hparamField = (value: HparamValue): Uint8Array =>
  typeof value === "number"
    ? doubleField(2, value)
    : typeof value === "boolean"
    ? integerField(4, value ? 1 : 0)
    : textField(3, value);

/** How a run ended. HParamsPluginData: session_end_info = 4; of that status = 1, end_time_secs = 2. */
export const hparamsEnd = (isSuccess: boolean, seconds: number): Summary =>
  hparamsSummary("_hparams_/session_end_info", 4, [
    integerField(1, isSuccess ? 1 : 2),
    doubleField(2, seconds),
  ]);

const hparamsSummary = (tag: string, field: number, message: readonly Uint8Array[]): Summary =>
  concat([
    textField(1, tag),
    pluginField("hparams", concat([integerField(1, 0), messageField(field, message)])),
  ]);
