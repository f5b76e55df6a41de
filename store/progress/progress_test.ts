import assert from "node:assert/strict";
import { createPaceMeter } from "./pace_meter.ts";
import { createProgress, type ProgressOptions } from "./progress.ts";

/** A reporter whose clock and output the test holds. */
function rig(options: ProgressOptions) {
  const written: string[] = [];
  const time = { now: 0 };
  const progress = createProgress({
    write: (text) => written.push(text),
    isTerminal: () => false,
    columns: () => 40,
    clock: () => time.now,
    ...options,
  });
  const update = (iteration: number, iterations = 1000) =>
    progress.update({
      iteration,
      iterations,
      sequences: 4 * iteration,
      seconds: time.now,
      values: { loss: 0.5 },
    });
  return { progress, written, time, update };
}

Deno.test("progress: plain lines come first at once, then every 30 s or 5 %", () => {
  const { progress, written, time, update } = rig({ mode: "auto" });
  for (let second = 1; second <= 100; second++) {
    time.now = second;
    update(second);
  }
  progress.finish();
  assert.deepEqual(written.map((line) => parseInt(line.slice("iteration ".length))), [
    1,
    31,
    61,
    91,
    100,
  ]);
  assert.match(written[1] ?? "", /^iteration 31\/1000 \(3%\) {2}loss 0\.5000 {2}4\.00 sequences/);
  assert.ok(written.every((line) => line.endsWith("\n") && !line.includes("\x1b")));

  const fast = rig({ mode: "line" });
  for (let iteration = 0; iteration <= 1000; iteration++) fast.update(iteration);
  fast.progress.finish();
  assert.equal(fast.written.length, 21);
});

Deno.test("progress: the end is shown once", () => {
  const { progress, written, update } = rig({ mode: "line" });
  update(1000);
  progress.finish();
  progress.finish();
  assert.equal(written.length, 1);
});

Deno.test("progress: a terminal gets one redrawn line within its width", () => {
  const { progress, written, time, update } = rig({ isTerminal: () => true });
  for (time.now = 0; time.now < 1; time.now += 0.01) update(Math.round(time.now * 100));
  assert.ok(written.length >= 9 && written.length <= 11, String(written.length));
  for (const text of written) {
    assert.ok(text.startsWith("\r\x1b[2K") && !text.includes("\n"));
    assert.ok([...text.slice(5)].length <= 39);
  }
  const drawn = written.at(-1)?.slice(5);
  progress.message("a warning");
  assert.equal(written.at(-1), `\r\x1b[2Ka warning\n${drawn}`);
  progress.finish();
  assert.equal(written.at(-1), "\n");
});

Deno.test("progress: JSON lines", () => {
  const { progress, written, time, update } = rig({ mode: "json", isTerminal: () => true });
  update(0);
  time.now = 10;
  update(500);
  time.now = 12;
  update(600);
  progress.finish();
  assert.deepEqual(written.map((line) => JSON.parse(line)), [
    {
      iteration: 0,
      iterations: 1000,
      sequences: 0,
      seconds: 0,
      sequences_per_second: null,
      seconds_left: null,
      values: { loss: 0.5 },
    },
    {
      iteration: 500,
      iterations: 1000,
      sequences: 2000,
      seconds: 10,
      sequences_per_second: null,
      seconds_left: null,
      values: { loss: 0.5 },
    },
    {
      iteration: 600,
      iterations: 1000,
      sequences: 2400,
      seconds: 12,
      sequences_per_second: 200,
      seconds_left: 8,
      values: { loss: 0.5 },
    },
  ]);
});

Deno.test("progress: none is silent, but messages are shown", () => {
  const { progress, written, update } = rig({ mode: "none" });
  update(1);
  progress.finish();
  assert.deepEqual(written, []);
  progress.message("a warning");
  assert.deepEqual(written, ["a warning\n"]);
});

Deno.test("progress: a resumed run counts its own work only", () => {
  const { written, time, update } = rig({
    mode: "json",
    start: { iteration: 500 },
  });
  const shown = () => {
    const { sequences_per_second, seconds_left } = JSON.parse(written.at(-1) ?? "");
    return [sequences_per_second, seconds_left];
  };
  time.now = 10;
  update(600);
  assert.deepEqual(shown(), [null, null]);
  time.now = 20;
  update(700);
  assert.deepEqual(shown(), [40, 30]);
});

Deno.test("pace: forgets what lies before its window", () => {
  const meter = createPaceMeter({ iteration: 0 }, { windowSeconds: 10 });
  assert.deepEqual(meter.pace(100), {});
  // A slow start, then 20 sequences a second.
  for (let second = 30; second <= 60; second++) {
    meter.add({ seconds: second, iteration: second - 29, sequences: 20 * (second - 29) });
  }
  assert.deepEqual(meter.pace(100), { sequencesPerSecond: 20, secondsLeft: 69 });
});

Deno.test("pace: one update that warms up is no estimate, after a resume neither", () => {
  const meter = createPaceMeter({ iteration: 4000 });
  // The first update takes 0.3 s; the next 6000 take 14 s.
  const at = (seconds: number, iteration: number) => {
    meter.add({ seconds, iteration, sequences: 4 * iteration });
    return meter.pace(10_001).secondsLeft;
  };
  assert.equal(at(0.3, 4001), undefined);
  assert.equal(at(0.3 + 0.14, 4061), undefined, "too little is measured yet");
  assert.equal(meter.pace(10_001).sequencesPerSecond?.toFixed(3), (4 * 60 / 0.14).toFixed(3));
  assert.equal(at(0.3 + 1.4, 4601)?.toFixed(6), "12.600000");
});

Deno.test("pace: an evaluation that takes a minute is no estimate of one update", () => {
  const meter = createPaceMeter({ iteration: 0 });
  // 100 updates a second; after every 6000 of them a minute of evaluation.
  let [seconds, iteration] = [0, 0];
  const train = (updates: number) => {
    for (const end = iteration + updates; iteration < end; seconds += 0.1) {
      iteration += 10;
      meter.add({ seconds, iteration, sequences: iteration });
    }
  };
  const left = (): number => meter.pace(iteration + 6000).secondsLeft!;
  train(6000);
  assert.ok(Math.abs(left() - 60) < 1, `${left()}`);
  for (let round = 0; round < 4; round++) {
    seconds += 60;
    train(10);
    assert.ok(left() > 60 && left() < 200, `round ${round}: ${left()}`);
    train(5990);
  }
  assert.ok(left() > 90 && left() < 150, `two minutes for every 6000: ${left()}`);
});

Deno.test("pace: slower updates, as at a higher level, are known after as long again", () => {
  const meter = createPaceMeter({ iteration: 0 });
  let [seconds, iteration] = [0, 0];
  for (const [pace, end] of [[0.1, 600], [1, 1300]] as const) {
    for (; seconds < end; seconds += pace) {
      meter.add({ seconds, iteration: ++iteration, sequences: iteration });
    }
  }
  const left = meter.pace(iteration + 1000).secondsLeft!;
  assert.ok(Math.abs(left - 1000) < 50, `${left}`);
});
