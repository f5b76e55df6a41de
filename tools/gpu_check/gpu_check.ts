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
import type { Session } from "./measured_rows.ts";
import { help, readOptions } from "./options.ts";
import { checkPeers } from "./peers.ts";
import { checkPublished } from "./published.ts";
import { checkReplicas } from "./replicas.ts";
import { checkWorkloads } from "./workloads.ts";

const GOLDENS = fileURLToPath(new URL("../../tests/goldens", import.meta.url));

/** What compiles and runs fast comes first: a slow machine measures that. */
const names = workloads.map(({ name }) => name).toReversed();

/** What is measured, and how large. */
const efforts = {
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

/** The parts of the check in order, and their weights. */
const weights = { doctor: 4, goldens: 16, published: 8, workloads: 36, replicas: 16, peers: 20 };

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

/** @returns the exit code: 1 if something came out wrong. */
async function check(options: ReturnType<typeof readOptions>): Promise<number> {
  const session = beginSession(options.seconds);
  const { seriesMs, megabytes, ...size } = efforts[options.quick ? "quick" : "full"];
  const adapter = await examineAdapter(session, {
    allowSoftware: options["allow-software-adapter"],
    megabytes,
    seriesMs,
  });
  const ends = deadlines(Object.values(weights), {
    from: session.now(),
    until: 1e3 * options.seconds,
  });
  const until = Object.fromEntries(
    Object.keys(weights).map((part, index) => [part, ends[index]!]),
  ) as typeof weights;
  await printDoctor(session, { adapter, until: until.doctor });

  const effort = { seriesMs, bandwidth: adapter.bandwidth };
  const files = [...options.files, ...goldenFiles()].slice(0, size.goldens);
  const passed = [await checkGoldens(session, { files, until: until.goldens })];
  if (!options.quick) {
    passed.push((await checkPublished(session, { until: until.published, effort })).passed);
  }
  const timed = await checkWorkloads(session, {
    title: "Workloads: one training iteration",
    names: size.workloads,
    until: until.workloads,
    effort,
  });
  passed.push(timed.passed);
  passed.push(
    await checkReplicas(session, { counts: size.replicas, seriesMs, until: until.replicas }),
  );
  if (!options.quick) {
    await checkPeers(session, {
      times: new Map([...timed.measured].map(([name, { ms }]) => [name, ms])),
      python: options.python,
      device: adapter.isSoftware ? "cpu" : "cuda",
      until: until.peers,
    });
  }
  return passed.every(Boolean) ? exitCodes.ok : exitCodes.failure;
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
