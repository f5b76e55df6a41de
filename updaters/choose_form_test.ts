/** Which form of fast weights a program gets, unless one is asked for. */
import assert from "node:assert/strict";
import { crossEntropy } from "../core/losses/cross_entropy.ts";
import type { DeviceName } from "../core/backends/backend.ts";
import { ethereal } from "../models/ethereal.ts";
import { findUpdater } from "./mod.ts";

interface Size {
  readonly hidden: number;
  readonly sequences: number;
  readonly steps: number;
  readonly rule?: Readonly<Record<string, unknown>>;
  readonly device?: DeviceName;
}

/** The form of the fast weights in `train`. */
function formOf(
  { hidden, sequences, steps, rule, device }: Size,
  updater = "dfa",
): string {
  const model = ethereal.instantiate({ symbols: 9, hidden_size: hidden, num_layers: 3 });
  const extents = { replicas: 1, sequences, steps };
  const { procedures } = findUpdater(updater).build(
    { model, loss: crossEntropy, extents, device },
    rule,
  );
  const written = procedures.get("train")!.flatMap(({ stores }) => stores.map(({ slot }) => slot));
  return written.some(({ name }) => name.startsWith("history/")) ? "history" : "stored";
}

const large = { hidden: 256, sequences: 16, steps: 8 };

Deno.test("form of fast weights: a history of few steps of a large network", () => {
  for (const updater of ["dfa", "backprop"]) {
    assert.equal(formOf(large, updater), "history");
    assert.equal(formOf({ ...large, hidden: 1024, sequences: 1 }, updater), "history");
    assert.equal(formOf({ ...large, steps: 1 }, updater), "history");
  }
});

Deno.test("form of fast weights: stored over many steps, and where all of them stay in a cache", () => {
  for (const updater of ["dfa", "backprop"]) {
    assert.equal(formOf({ ...large, steps: 40 }, updater), "stored");
    assert.equal(formOf({ ...large, sequences: 1 }, updater), "stored");
    assert.equal(formOf({ ...large, hidden: 64 }, updater), "stored");
  }
});

Deno.test("form of fast weights: stored where a bound acts on single weights", () => {
  assert.equal(formOf({ ...large, rule: { clip_weights: 1 } }), "stored");
});

Deno.test("form of fast weights: on a GPU a small batch has a history too, but not over many steps", () => {
  for (const updater of ["dfa", "backprop"]) {
    const small = { ...large, hidden: 64, device: "gpu" } as const;
    assert.equal(formOf(small, updater), "history");
    assert.equal(formOf({ ...small, steps: 40 }, updater), "stored");
  }
});
