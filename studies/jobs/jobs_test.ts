import assert from "node:assert/strict";
import { join } from "node:path";
import type { Configuration } from "../experiment.ts";
import { listJobs, trainArguments } from "./jobs.ts";

const configuration = (name: string): Configuration => ({
  name,
  title: name,
  settings: ["model.name=hybrid"],
});
const configurations = ["a", "b"].map(configuration);

Deno.test("jobs go seed by seed, or side by side in one run", () => {
  const names = (seeds: number[], sideBySide: boolean) =>
    listJobs(configurations, { seeds, sideBySide, out: "x" }).map(({ name }) => name);
  assert.deepEqual(names([2, 1], false), ["a-seed-2", "b-seed-2", "a-seed-1", "b-seed-1"]);
  assert.deepEqual(names([1, 2, 3, 7], true), ["a-seeds-1-3_7", "b-seeds-1-3_7"]);
  assert.deepEqual(names([4], true), ["a-seed-4", "b-seed-4"]);
});

Deno.test("the log lies beside the folder, which must be empty at first", () => {
  const [job] = listJobs(configurations, { seeds: [1], sideBySide: false, out: "x" });
  assert.equal(job!.folder, join("x", "a-seed-1"));
  assert.equal(job!.log, join("x", "a-seed-1.log"));
});

Deno.test("many scattered seeds side by side are refused, as the folder's name would be too long", () => {
  const seeds = Array.from({ length: 100 }, (_, index) => 3 * index);
  assert.throws(() => listJobs(configurations, { seeds, sideBySide: true, out: "x" }), {
    name: "UsageError",
    message: /100 seeds make too long a name/,
  });
});

Deno.test("a run that goes on repeats its settings, so that train can refuse another one", () => {
  const [job] = listJobs(configurations, { seeds: [1, 2], sideBySide: true, out: "x" });
  const args = (device: "cpu" | "gpu", resume: boolean) =>
    trainArguments(job!, { iterations: 9, device, threads: 2, resume });
  assert.deepEqual(args("cpu", true), [
    "--resume",
    job!.folder,
    ...[
      "model.name=hybrid",
      "training.seeds=1,2",
      "training.iterations=9",
      "device.name=cpu",
      "device.threads=2",
    ].flatMap((setting) => ["--set", setting]),
    "--progress",
    "none",
  ]);
  assert.equal(args("gpu", false)[0], "--out");
  assert.ok(!args("gpu", false).includes("device.threads=2"));
});
