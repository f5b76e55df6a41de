/**
 * State that goes on from window to window of a long sequence: the window in place b of a batch may continue the one
 * that was there in the batch before. The last states of a batch of training are kept in slots of their own, which
 * are saved with the network, so that a resumed run goes on with the same bits. Gradients stop there, and sequences
 * that are only judged begin anew.
 */
import type { Value } from "../core/program/elementwise.ts";
import { where } from "../core/program/language.ts";
import type { ProgramBuilder, StageBuilder } from "../core/program/program.ts";
import { continuesInput } from "../core/training/continues.ts";
import type { Arrangement } from "./updater.ts";

const carriedSlot = (state: string): string => `carried/${state}`;

/** Declares the input, and memory for the last states. */
export function declareCarried(
  builder: ProgramBuilder,
  { model, continues, hasSingleSequence = false }: Arrangement,
): void {
  if (!continues) return;
  const hasBatchAxis = !hasSingleSequence;
  builder.slot(continuesInput, { kind: "input", hasBatchAxis, hasChunkAxis: true });
  for (const [name, { shape }] of Object.entries(model.state)) {
    builder.slot(carriedSlot(name), { kind: "optimizer", shape, hasBatchAxis });
  }
}

/** What a sequence of training starts from: the last state of the one before it, or the first state. */
export function startOf(
  stage: StageBuilder,
  { continues }: Arrangement,
  { name, first, procedure }: { name: string; first: Value | number; procedure: string },
): Value | number {
  if (!continues || procedure !== "train") return first;
  return where(stage.load(continuesInput), stage.load(carriedSlot(name)), first);
}

/** Keeps the last states of a batch of training. */
export function keepLastStates(
  stage: StageBuilder,
  { model, continues }: Arrangement,
  procedure: string,
): void {
  if (!continues || procedure !== "train") return;
  for (const name of Object.keys(model.state)) stage.store(carriedSlot(name), stage.load(name));
}
