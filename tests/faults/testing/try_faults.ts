/** Lets each call of a scenario fail in turn, and looks at what that leaves. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { readCheckpoint } from "../../../store/files/checkpoint.ts";
import { readMetrics } from "../../../store/files/metrics.ts";
import { howMany } from "../how_much.ts";
import { filesBelow } from "./files_below.ts";
import type { Call, Fault } from "./fault.ts";
import { type FaultyResult, runWithFault } from "./run_with_fault.ts";
import type { Scenario } from "./scenarios.ts";

export interface TryOptions {
  readonly folder: string;
  readonly fault: Fault;
  /** Calls that are tried where not all are. */
  readonly sampled: number;
  /** Looks at a run in which a call failed. */
  readonly check: (result: FaultyResult, call: Call) => void;
}

/** Processes at a time. */
const atOnce = 2;

/** @throws AssertionError that names each call after which something was wrong. */
export async function tryFaults(scenario: Scenario, options: TryOptions): Promise<void> {
  const { folder, sampled } = options;
  const template = join(folder, "template");
  Deno.mkdirSync(template);
  await scenario.prepare(template);
  const whole = join(folder, "whole");
  copyFolder(template, whole);
  const { calls, code, stderr } = await runWithFault(scenario.args, { folder: whole });
  assert.equal(code, 0, stderr);
  const expected = scenario.outcome(whole);
  const tried = spread(calls.length, howMany(sampled, calls.length));
  const next = tried.values();
  const problems: string[] = [];
  const work = async () => {
    for (const at of next) {
      const place = join(folder, `${at}`);
      copyFolder(template, place);
      const problem = await tryFault(scenario, { ...options, at, folder: place, expected });
      if (problem !== undefined) problems.push(problem);
      Deno.removeSync(place, { recursive: true });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  assert.ok(problems.length === 0, problems.join("\n\n"));
}

/** Whole numbers from 1 to `last`, evenly spread, both ends included. */
function spread(last: number, count: number): number[] {
  const step = count > 1 ? (last - 1) / (count - 1) : 0;
  return Array.from({ length: count }, (_, index) => Math.round(1 + index * step));
}

/** @returns what was wrong after the fault. */
async function tryFault(
  { args, again, outcome }: Scenario,
  { at, fault, folder, check, expected }: TryOptions & { at: number; expected: unknown },
): Promise<string | undefined> {
  const result = await runWithFault(args, { folder, at, fault });
  const call = result.calls[at - 1];
  // A command may do a call less than it did before, where it depends on the clock.
  if (!call) return undefined;
  try {
    check(result, call);
    filesBelow(folder).forEach((path) => checkWhole(join(folder, path)));
    const after = await runWithFault(again(folder), { folder });
    assert.equal(after.code, 0, after.stderr);
    assert.deepEqual(filesBelow(folder).filter((path) => path.includes(".tmp-")), []);
    assert.deepEqual(outcome(folder), expected);
    return undefined;
  } catch (error) {
    const failed = `${args.join(" ")}: ${fault} at call ${at}, ${call.kind} ${call.path}`;
    return `${failed}\n${(error as Error).message}\n${result.stderr}`;
  }
}

/** @throws if a file has the name of a whole one and is a part of it. */
function checkWhole(path: string): void {
  if (path.includes(".tmp-")) return;
  if (path.endsWith(".safetensors")) readCheckpoint(path);
  else if (path.endsWith(".jsonl")) [...readMetrics(path)];
  else if (path.endsWith(".json")) JSON.parse(Deno.readTextFileSync(path));
  else if (/\.(html|svg)$/.test(path)) assert.match(Deno.readTextFileSync(path), />\s*$/);
}

function copyFolder(from: string, to: string): void {
  Deno.mkdirSync(to);
  for (const { name, isDirectory } of Deno.readDirSync(from)) {
    if (isDirectory) copyFolder(join(from, name), join(to, name));
    else Deno.copyFileSync(join(from, name), join(to, name));
  }
}
