/** `doctor`: which devices work on this machine, and what to install if one is missing. */
import { object } from "@optique/core/constructs";
import { errorLine } from "../../config/error_line.ts";
import { fastFlags } from "../../core/backends/cpu/v8_flags.ts";
import { measureVectorWidth } from "../../core/backends/cpu/vector_width.ts";
import { openBackend } from "../../core/backends/open_backend.ts";
import { findAdapter, isSoftwareAdapter } from "../../core/backends/webgpu/device/adapter.ts";
import { openGpu } from "../../core/backends/webgpu/gpu.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import type { Command } from "../command.ts";
import { advise, type Findings } from "../doctor/advice.ts";
import { readbackLatency, testGpu, type TestResult } from "../doctor/gpu_tests.ts";
import { tryDevice } from "../doctor/try_device.ts";
import { findVulkanFiles, type VulkanFiles } from "../doctor/vulkan_files.ts";
import { footerOf } from "../help.ts";
import { parseOptions } from "../parse_options.ts";

const vendors: Readonly<Record<string, string>> = {
  "4098": "AMD",
  "4203": "Apple",
  "4318": "NVIDIA",
  "20803": "Qualcomm",
  "32902": "Intel",
  "65541": "Mesa",
};

const variables = [
  "DENO_V8_FLAGS",
  "DENO_WEBGPU_BACKEND",
  "VK_DRIVER_FILES",
  "VK_ICD_FILENAMES",
  "NVIDIA_VISIBLE_DEVICES",
  "NVIDIA_DRIVER_CAPABILITIES",
] as const;

function readEnvironment(): Record<string, string | undefined> {
  return Object.fromEntries(variables.map((variable) => {
    try {
      return [variable, Deno.env.get(variable)];
    } catch {
      return [variable, undefined];
    }
  }));
}

const say = (text = "") => console.log(text);
const item = (label: string, value: string) => say(`  ${label.padEnd(28)} ${value}`);
const verdict = ({ name, passed, detail }: TestResult) =>
  say(`  ${passed ? "ok  " : "FAIL"}  ${name} (${errorLine(detail)})`);

function printFiles({ loaders, drivers, nvidiaLibraries, unread }: VulkanFiles): void {
  say("\nVulkan files");
  item("loader", loaders.join(", ") || "none found");
  for (const { path, library, hasLibrary } of drivers) {
    item("driver", `${path}: ${library ?? "unreadable"}${hasLibrary ? "" : " (not found)"}`);
  }
  if (drivers.length === 0) item("driver", "none found");
  if (nvidiaLibraries.length > 0) item("NVIDIA libraries", nvidiaLibraries.join(", "));
  if (unread.length > 0) item("not readable", unread.join(", "));
}

/** Whether the cpu device runs as fast as V8 can make it, and if not, how a script gets there. */
async function printVectorWidth(): Promise<void> {
  const width = await measureVectorWidth();
  item("WebAssembly", `${width}-bit vectors${width === 256 ? ", no bounds checks" : ""}`);
  if (width === 128) item("", `for 256 on x86-64: DENO_V8_FLAGS=${fastFlags} deno run ...`);
}

/** Prints the adapter and its tests. @returns the kind of the adapter. */
async function examineAdapter(): Promise<Findings["adapter"]> {
  say("\nWebGPU adapter");
  const adapter = await findAdapter();
  if (!adapter) {
    item("adapter", "none found");
    return "none";
  }
  const { vendor, description } = adapter.info;
  const isSoftware = isSoftwareAdapter(adapter);
  item("description", description || "none given");
  item("vendor", vendors[vendor] ? `${vendors[vendor]} (${vendor})` : vendor || "none given");
  item("kind", isSoftware ? "software: computes on the CPU" : "hardware");
  item("features offered", [...adapter.features].sort().join(", ") || "none");
  const gpu = await openGpu({ allowSoftware: true });
  try {
    for (const [limit, value] of Object.entries(gpu.limits)) item(limit, String(value));
    item("subgroups", gpu.subgroup > 1 ? `${gpu.subgroup} lanes add up` : "not used");
    for (const result of await testGpu(gpu)) verdict(result);
    item("readback", `${(await readbackLatency(gpu)).toFixed(2)} ms`);
  } finally {
    gpu.close();
  }
  return isSoftware ? "software" : "hardware";
}

/** Does a part of the work; an error is printed and gives `fallback`. */
async function guarded<T>(work: () => Promise<T>, fallback: T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    item("error", errorLine(error));
    return fallback;
  }
}

/** Tries a tiny program on every device. @returns how many devices work. */
async function tryDevices(adapter: Findings["adapter"]): Promise<number> {
  say("\nDevices, each with a small program");
  let working = 0;
  for (const device of ["gpu", "cpu", "reference"] as const) {
    const problem = await tryDevice({ device, allowSoftwareAdapter: true });
    if (problem === undefined) working++;
    const asked = device === "gpu" && adapter === "software" ? " --allow-software-adapter" : "";
    item(
      `--device ${device}`,
      problem === undefined ? `works${asked && `, with${asked}`}` : problem,
    );
  }
  return working;
}

const footer = footerOf({
  about: "Prints the files of Vulkan, the WebGPU adapter and its limits, short tests of the GPU, " +
    "whether each device computes right, which one auto would take, and what to install where " +
    "something is missing. Changes nothing.",
  examples: ["doctor"],
  exitCodes: "0 a device works, 1 none does, 2 usage",
});

export const doctor: Command = async (args, title) => {
  if (!parseOptions(object({}), args, { ...title, footer })) return exitCodes.ok;
  const environment = readEnvironment();
  const { os, arch } = Deno.build;
  say("Program");
  item("Deno", `${Deno.version.deno}, V8 ${Deno.version.v8}`);
  item("platform", `${os}, ${arch}, ${navigator.hardwareConcurrency} processors`);
  for (const variable of variables) {
    const value = environment[variable];
    if (value !== undefined) item(variable, value);
  }
  await guarded(printVectorWidth, undefined);

  const named = environment["VK_DRIVER_FILES"] ?? environment["VK_ICD_FILENAMES"];
  const files = findVulkanFiles(named?.split(":").filter((path) => path !== ""));
  if (os === "linux") printFiles(files);
  const adapter = await guarded(examineAdapter, "none" as const);
  const working = await tryDevices(adapter);

  say("\n--device auto");
  await guarded(async () => {
    const { backend, reason } = await openBackend();
    backend.close();
    say(`  ${reason}`);
  }, undefined);

  const advice = advise({ os, adapter, files, environment });
  if (advice.length > 0) say(["\nAdvice", ...advice.map((line) => `  ${line}`)].join("\n"));
  return working > 0 ? exitCodes.ok : exitCodes.failure;
};
