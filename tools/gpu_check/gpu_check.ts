/**
 * `deno task gpu:check`: what a machine with a GPU is asked, in one command of under 8 minutes that needs no
 * network. Prints Markdown for docs/gpu.md, the most valuable parts first.
 */
import { fileURLToPath } from "node:url";
import { workloads } from "../../bench/workloads.ts";
import { chooseGraphics } from "../../cli/graphics.ts";
import { withErrorLine } from "../../cli/error_boundary.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import { examineAdapter, printDoctor } from "./adapter.ts";
import { deadlines } from "./deadlines.ts";
import { checkGoldens } from "./goldens.ts";
import type { AdapterFacts } from "./measure/adapter.ts";
import type { WorkloadFacts } from "./measure/workload.ts";
import type { Session } from "./measured_rows.ts";
import { help, type Options, readOptions } from "./options.ts";
import { checkPeers } from "./peers.ts";
import { checkPublished } from "./published.ts";
import { checkReplicas } from "./replicas.ts";
import { checkWorkloads } from "./workloads.ts";

const GOLDENS = fileURLToPath(new URL("../../tests/goldens", import.meta.url));

const isMultiple = (name: string) => /-(b32|r\d+)$/.test(name);

/** One of each kind before its batches and replicas, and the light before the heavy: a slow machine measures those. */
const names = workloads.map(({ name }) => name).toReversed()
  .toSorted((a, b) => Number(isMultiple(a)) - Number(isMultiple(b)));

/** What is measured, and how large. */
const sizes = {
  full: {
    workloads: names,
    goldens: Infinity,
    replicas: [1, 4, 16, 64, 256, 1024, 4096],
    seriesMs: 250,
    megabytes: 256,
  },
  quick: {
    workloads: names.filter((name) => /^(ethereal-dfa-h128-b16|bohp-bptt-n29-t66)$/.test(name)),
    goldens: 1,
    replicas: [1, 4],
    seriesMs: 20,
    megabytes: 16,
  },
};

const sizeOf = ({ quick }: Options) => sizes[quick ? "quick" : "full"];

const goldenFiles = (): string[] =>
  [...Deno.readDirSync(GOLDENS)].map(({ name }) => name)
    .filter((name) => name.endsWith(".safetensors")).sort().map((name) => `${GOLDENS}/${name}`);

/** Begins: signals end it, and whatever it has started. */
function beginSession(seconds: number): Session {
  const started = performance.now();
  const now = () => performance.now() - started;
  const stop = new AbortController();
  const signals = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  for (const signal of signals) {
    Deno.addSignalListener(signal as Deno.Signal, () => {
      stop.abort();
      Deno.exit(exitCodes.interrupted);
    });
  }
  return {
    now,
    print: (...lines) => console.log(lines.join("\n")),
    tell: (line) => console.error(`${(now() / 1e3).toFixed(0)} of ${seconds} s: ${line}`),
    stop: stop.signal,
  };
}

/** A part of the check: the weight of its time, and what it does until then; false if something came out wrong. */
type Part = readonly [weight: number, run: (until: number) => Promise<boolean>];

/** The parts, the most valuable first. */
function partsOf(
  session: Session,
  { adapter, options }: { adapter: AdapterFacts; options: Options },
): readonly Part[] {
  const { seriesMs, goldens, workloads: names, replicas: counts } = sizeOf(options);
  const files = [...options.files, ...goldenFiles()].slice(0, goldens);
  const { python } = options;
  const device = adapter.isSoftware ? "cpu" : "cuda";
  const timed = {
    effort: { seriesMs, bandwidth: adapter.bandwidth },
    measured: new Map<string, WorkloadFacts>(),
  };
  const title = "Workloads: one training iteration";
  const unlessQuick = (part: Part): Part[] => options.quick ? [] : [part];
  return [
    [3, (until) => printDoctor(session, { adapter, until })],
    [14, (until) => checkGoldens(session, { files, until })],
    ...unlessQuick([8, (until) => checkPublished(session, { ...timed, until })]),
    [33, (until) => checkWorkloads(session, { ...timed, title, names, until })],
    [18, (until) => checkReplicas(session, { counts, seriesMs, until })],
    ...unlessQuick([24, (until) => checkPeers(session, { ...timed, python, device, until })]),
  ];
}

/** @returns the exit code: 1 if something came out wrong. */
async function check(options: Options): Promise<number> {
  const session = beginSession(options.seconds);
  const { seriesMs, megabytes } = sizeOf(options);
  const allowSoftware = options["allow-software-adapter"];
  const adapter = await examineAdapter(session, { allowSoftware, megabytes, seriesMs });
  const parts = partsOf(session, { adapter, options });
  const ends = deadlines(parts.map(([weight]) => weight), {
    from: session.now(),
    until: 1e3 * options.seconds,
  });
  let passed = true;
  for (const [index, [, run]] of parts.entries()) passed = await run(ends[index]!) && passed;
  return passed ? exitCodes.ok : exitCodes.failure;
}

if (import.meta.main) {
  chooseGraphics();
  Deno.exit(
    await withErrorLine(async () => {
      const options = readOptions(Deno.args);
      if (!options.help) return await check(options);
      console.log(help);
      return exitCodes.ok;
    }),
  );
}
