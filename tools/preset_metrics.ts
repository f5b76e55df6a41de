/**
 * Trains every preset for a short while on each device, and every other model and updater of a preset
 * on one core. Prints all metrics of status.json: two versions of the code compute the same if
 * their outputs are the same text.
 *
 *   deno run -A tools/preset_metrics.ts --repo ../before > before.json
 *   deno run -A tools/preset_metrics.ts --compare before.json
 */
import { parseArgs } from "node:util";
import { join, resolve } from "node:path";
import { presets } from "../config/presets.ts";

const help = `Usage: deno run -A tools/preset_metrics.ts [OPTIONS]

  --repo DIR        the checkout whose code runs [this one]
  --presets LIST    names with commas between [all]
  --devices LIST    of cpu:1 (threads), cpu:2, gpu, reference [cpu:1,cpu:2,gpu]
  --iterations N    of each run [200]
  --compare FILE    an earlier output; exit code 1 where a number differs

Prints JSON: case (preset, or preset/model/updater), device, metric, number.

Examples:
  deno run -A tools/preset_metrics.ts --repo ../before > before.json
  deno run -A tools/preset_metrics.ts --compare before.json --presets attractor --devices cpu:1`;

type Metrics = Readonly<Record<string, unknown>>;
type Results = Record<string, Record<string, Metrics>>;

const { values } = parseArgs({
  args: Deno.args,
  options: {
    repo: { type: "string", default: "." },
    presets: { type: "string", default: Object.keys(presets).join() },
    devices: { type: "string", default: "cpu:1,cpu:2,gpu" },
    iterations: { type: "string", default: "200" },
    compare: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

/** The flags of a device: `cpu:2` is the cpu with two threads. */
function deviceFlags(device: string): string[] {
  const [name = "", threads] = device.split(":");
  if (name === "gpu") return ["--device", "gpu", "--allow-software-adapter"];
  return ["--device", name, ...threads === undefined ? [] : ["--threads", threads]];
}

/** A preset, and every other model and updater that it has settings for. */
function casesOf(preset: string): string[] {
  const { names, models, updaters } = presets[preset]!;
  const others = Object.keys(models).flatMap((model) =>
    Object.keys(updaters).map((updater) => ({ model, updater }))
  ).filter(({ model, updater }) => model !== names.model || updater !== names.updater);
  return [preset, ...others.map(({ model, updater }) => `${preset}/${model}/${updater}`)];
}

/** Trains in a temporary folder. Of a run that does not start, the line that says why. */
async function metricsOf(name: string, device: string): Promise<Metrics> {
  const [preset = "", model, updater] = name.split("/");
  const entries = model && updater ? ["--model", model, "--updater", updater] : [];
  const folder = await Deno.makeTempDir();
  try {
    const out = join(folder, "run");
    const { stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-A", join(resolve(values.repo), "cli/main.ts"), "train"],
        ...["--preset", preset, ...entries, "--iterations", values.iterations, "--out", out],
        ...["--set", "training.log_every=50", ...deviceFlags(device)],
      ],
      env: { NODEVICE_SELECT: "1", DENO_WEBGPU_BACKEND: "vulkan" },
      stdout: "null",
      stderr: "piped",
    }).output();
    const text = await Deno.readTextFile(join(out, "status.json")).catch(() => undefined);
    if (text === undefined) {
      const lines = new TextDecoder().decode(stderr).trim().split("\n");
      return { refused: lines.at(-1) };
    }
    const { metrics, endReason, end_reason } = JSON.parse(text);
    return { end: endReason ?? end_reason, ...metrics };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A line for every number that is not the same text. */
function differences(before: Results, after: Results): string[] {
  return Object.entries(after).flatMap(([name, devices]) =>
    Object.entries(devices).flatMap(([device, metrics]) => {
      const earlier = before[name]?.[device];
      if (!earlier) return [`${name} on ${device}: not in ${values.compare}`];
      const names = new Set([...Object.keys(earlier), ...Object.keys(metrics)]);
      return [...names].flatMap((metric) => {
        const [former, latter] = [earlier[metric], metrics[metric]].map((value) =>
          JSON.stringify(value)
        );
        return former === latter
          ? []
          : [`${name} on ${device}: ${metric} was ${former}, is ${latter}`];
      });
    })
  );
}

async function main(): Promise<number> {
  const results: Results = {};
  const devices = values.devices.split(",");
  for (const name of values.presets.split(",").flatMap(casesOf)) {
    const chosen = name.includes("/") ? devices.filter((device) => device === "cpu:1") : devices;
    for (const device of chosen) {
      console.error(`${name} on ${device}`);
      (results[name] ??= {})[device] = await metricsOf(name, device);
    }
  }
  if (values.compare === undefined) {
    console.log(JSON.stringify(results, null, 1));
    return 0;
  }
  const changed = differences(JSON.parse(await Deno.readTextFile(values.compare)), results);
  const count = Object.values(results).flatMap((devices) => Object.values(devices))
    .reduce((sum, metrics) => sum + Object.keys(metrics).length, 0);
  for (const line of changed) console.log(line);
  console.log(`${count} numbers compared, ${changed.length} differ`);
  return changed.length > 0 ? 1 : 0;
}

if (values.help) console.log(help);
else Deno.exit(await main());
