/** What to install or set so that a GPU can be used. */
import { basename } from "node:path";
import { aptInstall, softwareDriverPackages } from "./software_driver.ts";
import type { VulkanFiles } from "./vulkan_files.ts";

export interface Findings {
  readonly os: string;
  readonly adapter: "hardware" | "software" | "none";
  readonly files: VulkanFiles;
  /** Values of the environment variables that may be read. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Lines to print; none if nothing is missing. */
export function advise(findings: Findings): string[] {
  const { os, adapter, files } = findings;
  if (adapter === "hardware") return [];
  const lines = nvidiaAdvice(findings);
  if (adapter === "software") {
    if (lines.length === 0) {
      lines.push(
        "The only adapter computes on the CPU: `--allow-software-adapter` lets gpu use it.",
      );
    }
    return lines;
  }
  if (os === "darwin") return ["No Metal device: WebGPU needs a Mac with Metal."];
  if (os === "windows") return ["No adapter: install the graphics driver of the GPU's maker."];
  if (files.loaders.length === 0 && files.unread.length === 0) {
    lines.push("No Vulkan loader (libvulkan.so.1).");
  }
  for (const { path, library, hasLibrary } of files.drivers) {
    if (library === undefined) lines.push(`${path} cannot be read, or names no library.`);
    else if (!hasLibrary && files.unread.length === 0) {
      lines.push(`${path} names ${library}, which was not found.`);
    }
  }
  lines.push(
    "For tests without a GPU, as root on Debian or Ubuntu:",
    `  ${aptInstall(softwareDriverPackages)}`,
  );
  return lines;
}

/** NVIDIA containers often come with CUDA alone, or with a driver that lacks a library. */
function nvidiaAdvice({ files, environment }: Findings): string[] {
  const visible = environment["NVIDIA_VISIBLE_DEVICES"] ?? "";
  const hasNvidia = files.nvidiaLibraries.length > 0 || !["", "void", "none"].includes(visible);
  if (!hasNvidia) return [];
  const driver = files.drivers.find(({ path, library }) =>
    /nvidia/i.test(basename(path)) || /nvidia/i.test(library ?? "")
  );
  const capabilities = environment["NVIDIA_DRIVER_CAPABILITIES"];
  const hasGraphics = /\b(all|graphics)\b/.test(capabilities ?? "");
  const lines = ["There is an NVIDIA GPU, but Vulkan does not see it."];
  if (!hasGraphics) {
    lines.push(
      `  The container must offer Vulkan (NVIDIA_DRIVER_CAPABILITIES is ${
        capabilities || "not set or not readable"
      }); start it with:`,
      "  docker run --gpus all -e NVIDIA_DRIVER_CAPABILITIES=compute,utility,graphics ...",
    );
  }
  if (!driver) {
    lines.push(
      "  No driver description names NVIDIA: /etc/vulkan/icd.d/nvidia_icd.json should hold",
      '  {"file_format_version":"1.0.0","ICD":{"library_path":"libEGL_nvidia.so.0","api_version":"1.3"}}',
    );
  } else if (/GLX/.test(driver.library ?? "")) {
    lines.push(
      `  ${driver.path} names ${driver.library}, which needs X libraries: as root`,
      `  ${aptInstall(["libvulkan1", "libx11-6", "libxext6"])}`,
      '  or, without a display, a description whose "library_path" is "libEGL_nvidia.so.0".',
    );
  }
  if (files.loaders.length === 0) {
    lines.push("  The Vulkan loader is missing: as root", `  ${aptInstall(["libvulkan1"])}`);
  }
  return lines;
}
