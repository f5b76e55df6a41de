/** Lets each call of a scenario fail in turn, and looks at what that leaves. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { howMany } from "../how_much.ts";
import { checkEnd, checkWhole, isTemporaryPath } from "./check_files.ts";
import { copyFolder, filesBelow } from "./folders.ts";
import { type Call, type CallKind, type Fault, needsRoom } from "./fault.ts";
import { type FaultyResult, runWithFault } from "./run_with_fault.ts";
import type { Scenario } from "./scenarios.ts";

/** A fault, and the number of the call that it befalls, from 1. */
interface Case {
  readonly at: number;
  readonly fault: Fault;
}

/** Processes at a time. */
const atOnce = 2;

/** What may befall a call: a full disk gives names and room back. */
const faultsOf = (kind: CallKind): readonly Fault[] => {
  if (!needsRoom(kind)) return ["kill", "EIO"];
  return kind === "sync" ? ["kill", "ENOSPC", "EIO"] : ["kill", "ENOSPC"];
};

/** @throws AssertionError that names each call after which something was wrong. */
export async function tryFaults(scenario: Scenario, folder: string): Promise<void> {
  const [template, whole] = [join(folder, "template"), join(folder, "whole")];
  Deno.mkdirSync(template);
  await scenario.prepare(template);
  copyFolder(template, whole);
  const { calls, code, stderr } = await runWithFault(scenario.args, { folder: whole });
  assert.equal(code, 0, stderr);
  const expected = scenario.outcome(whole);
  const cases = casesOf(calls);
  const next = spread(cases, howMany(scenario.sampled, cases.length)).values();
  const problems: string[] = [];
  const work = async () => {
    for (const { at, fault } of next) {
      const place = join(folder, `${fault}-${at}`);
      copyFolder(template, place);
      const problem = await tryFault(scenario, { at, fault, folder: place, expected });
      if (problem !== undefined) problems.push(problem);
      Deno.removeSync(place, { recursive: true });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  assert.ok(problems.length === 0, problems.join("\n\n"));
}

const casesOf = (calls: readonly Call[]): Case[] =>
  calls.flatMap(({ kind }, index) => faultsOf(kind).map((fault) => ({ at: index + 1, fault })));

/** Some of all, evenly spread, with the last. */
const spread = <T>(all: readonly T[], count: number): T[] =>
  Array.from(
    { length: count },
    (_, index) => all[Math.ceil((index + 1) * all.length / count) - 1]!,
  );

/** @returns what was wrong after the fault. */
async function tryFault(
  { args, again, outcome }: Scenario,
  { at, fault, folder, expected }: Case & { folder: string; expected: unknown },
): Promise<string | undefined> {
  const result = await runWithFault(args, { folder, at, fault });
  const call = result.calls.slice(at - 1)
    .find(({ kind }) => fault === "kill" || fault === "EIO" || needsRoom(kind));
  // A command may do other calls than it did before, where they depend on the clock.
  if (!call) return undefined;
  try {
    checkEnd(result, call, fault);
    for (const path of filesBelow(folder)) checkWhole(join(folder, path));
    const after = await (fault === "kill" ? runWhenFree : run)(again(folder), folder);
    assert.equal(after.code, 0, after.stderr);
    assert.deepEqual(filesBelow(folder).filter(isTemporaryPath), []);
    assert.deepEqual(outcome(folder), expected);
    return undefined;
  } catch (error) {
    const failed = `${args.join(" ")}: ${fault} at call ${at}, ${call.kind} ${call.path}`;
    return `${failed}\n${(error as Error).message}\n${result.stderr}`;
  }
}

const run = (args: readonly string[], folder: string) => runWithFault(args, { folder });

/** Runs a command after a kill: a child that trains hears of its parent's end a moment later. */
async function runWhenFree(args: readonly string[], folder: string): Promise<FaultyResult> {
  for (let tries = 0;; tries++) {
    const result = await run(args, folder);
    if (tries === 20 || !result.stderr.includes("another process works on it")) return result;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
