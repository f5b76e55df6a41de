import assert from "node:assert/strict";
import { drawSequence, type Sequence } from "../core/training/task.ts";
import { kvStream } from "./key_value_stream.ts";

const settings = { pairs: 10, values: 5, switching: 0.2, windows: 3, streams: 4 };
const task = kvStream.build(settings);
const textOf = ({ symbol, target }: Sequence): string =>
  [symbol![0]!, ...target!].map((id) => task.alphabet![id]).join("");
const draw = (index: number) => drawSequence(task, { seed: 5, split: "validation", index });

/** The windows of a stream that begins with sequence `first`, as one text, with the recall positions of all. */
function streamFrom(first: number) {
  const windows = [0, 1, 2].map((window) => draw(first + window * settings.streams));
  return {
    text: windows.map(textOf).join(""),
    recall: windows.flatMap(({ recall }, window) =>
      [...recall!].flatMap((is, t) => is ? [window * 2 * settings.pairs + t + 1] : [])
    ),
  };
}

/** The values of a stream: of each key the last one that was shown. */
function readValues(text: string) {
  const shown = new Map<string, string>();
  return Array.from({ length: text.length / 2 }, (_, pair) => {
    const [key = "", value = ""] = text.slice(2 * pair);
    const present = shown.get(key);
    shown.set(key, value);
    return { position: 2 * pair + 1, present, value };
  });
}

Deno.test("kv_stream: keys keep their values over the windows of a stream", () => {
  let [kept, switched] = [0, 0];
  for (let block = 0; block < 60; block++) {
    for (let stream = 0; stream < settings.streams; stream++) {
      const { text, recall } = streamFrom(block * 12 + stream);
      const values = readValues(text).filter(({ present }) => present !== undefined);
      const same = values.filter(({ present, value }) => present === value);
      assert.deepEqual(recall, same.map(({ position }) => position));
      kept += same.length;
      switched += values.length - same.length;
    }
  }
  const share = switched / (kept + switched);
  assert.ok(Math.abs(share - settings.switching) < 0.02, `${share} switched`);
});

Deno.test("kv_stream: bestLoss is what a predictor pays that carries its memory", () => {
  const [keys, { values, switching: s, pairs }] = [2, settings];
  let [nats, predictions] = [0, 0];
  for (let block = 0; block < 200; block++) {
    const { text } = streamFrom(block * 12);
    for (const { present, value } of readValues(text)) {
      nats += Math.log(keys) - Math.log(
        present === undefined ? 1 / values : present === value ? 1 - s : s / (values - 1),
      );
    }
    nats -= 3 * Math.log(keys); // the first symbol of a window is no target
    predictions += 3 * (2 * pairs - 1);
  }
  assert.ok(Math.abs(nats / predictions - task.bestLoss!) < 0.01, `${nats / predictions}`);
});

Deno.test("kv_stream: without windows every sequence begins anew", () => {
  const single = kvStream.build({ ...settings, windows: 1 });
  for (let index = 0; index < 20; index++) {
    const { recall } = drawSequence(single, { seed: 5, index });
    assert.equal(recall![0], 0, "the first value of a sequence is new");
  }
});

Deno.test("kv_stream: there are as many streams as a batch has sequences, unless they are given", () => {
  const { streams, ...others } = settings;
  const [fitting, given] = [kvStream.build(others), kvStream.build({ ...others, streams })];
  for (let index = 0; index < 24; index++) {
    const which = { seed: 5, index };
    assert.deepEqual(
      drawSequence(fitting, { ...which, batch: streams }),
      drawSequence(given, { ...which, batch: 7 }),
    );
  }
});
