/** `parity FILE...`: runs golden cases and compares every expected tensor. */
import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { multiple, withDefault } from "@optique/core/modifiers";
import { argument, option } from "@optique/core/primitives";
import { choice, string } from "@optique/core/valueparser";
import type { Backend } from "../../core/backends/backend.ts";
import { openBackend } from "../../core/backends/open_backend.ts";
import { DamagedFileError } from "../../runs/files/damaged_file_error.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import type { Command } from "../../cli/command.ts";
import { deviceOptions } from "../../cli/device_options.ts";
import { chooseGraphics } from "../../cli/graphics.ts";
import { readGolden } from "./golden.ts";
import { type ParityRow, runParity } from "./run_parity.ts";
import { parseOptions } from "../../cli/parse_options.ts";

const name = "parity";
const summary = "Compare golden cases with what a backend computes";

const options = object({
  device: deviceOptions.device,
  allowSoftwareAdapter: deviceOptions.allowSoftwareAdapter,
  lowering: withDefault(
    option("--lowering", choice(["auto", "fused", "split"], { metavar: "LOWERING" }), {
      description: message`How programs become GPU kernels`,
    }),
    "auto" as const,
  ),
  files: multiple(
    argument(string({ metavar: "FILE" }), {
      description: message`Golden case, a .safetensors file`,
    }),
    { min: 1 },
  ),
});

const footer = message`Bounds of the relative RMS: 1e-6 on the reference, 5e-6 in float32. \
Exit code: 0 all pass, 1 a tensor fails or a setting is not understood, 2 a file cannot be used.`;

/** One line: name, relative RMS (largest value where 0 is expected), verdict. */
const line = ({ name, error, passed }: ParityRow, width: number): string =>
  `  ${name.padEnd(width)}  ${error.toExponential(2).padStart(8)}  ${passed ? "ok" : "FAIL"}`;

/** Exit code of one file; what is wrong with it is one line on standard error. */
async function compareFile(path: string, backend: Backend): Promise<number> {
  try {
    const rows = await runParity(readGolden(path, await Deno.readFile(path)), backend);
    const width = Math.max(...rows.map(({ name }) => name.length));
    console.log([path, ...rows.map((row) => line(row, width))].join("\n"));
    return rows.every(({ passed }) => passed) ? exitCodes.ok : exitCodes.failure;
  } catch (error) {
    const { message } = error as Error;
    const cause = fileProblem(error);
    console.error(`error: ${cause ? `${path}: ${cause}` : message.replace(/\s*\n\s*/g, " ")}`);
    const unusable = cause !== undefined || error instanceof DamagedFileError;
    return unusable ? exitCodes.usage : exitCodes.failure;
  }
}

/** Why a file could not be read, undefined if that is not what went wrong. */
function fileProblem(error: unknown): string | undefined {
  const { errors } = Deno;
  if (error instanceof errors.NotFound) return "no such file";
  if (error instanceof errors.IsADirectory) return "is a folder, expected a file";
  if (error instanceof errors.PermissionDenied || error instanceof errors.NotCapable) {
    return "may not be read";
  }
  // What Deno reports of a folder on some systems, and of failing disks.
  const code = (error as { code?: unknown }).code;
  return typeof code === "string" && /^E[A-Z]+$/.test(code) ? (error as Error).message : undefined;
}

export const parity: Command = {
  name,
  summary,
  async run(args) {
    const parsed = parseOptions(options, args, { name, summary, footer });
    if ("exitCode" in parsed) return parsed.exitCode;
    const { files, ...choices } = parsed.values;
    let opened;
    try {
      opened = await openBackend(choices);
    } catch (error) {
      console.error(`error: ${(error as Error).message}`);
      return error instanceof RangeError ? exitCodes.usage : exitCodes.failure;
    }
    const { backend, reason } = opened;
    console.error(reason);
    try {
      const codes: number[] = [];
      for (const path of files) codes.push(await compareFile(path, backend));
      const passed = codes.filter((code) => code === exitCodes.ok).length;
      console.error(`${passed} of ${files.length} cases agree`);
      return Math.max(...codes);
    } finally {
      backend.close();
    }
  },
};

if (import.meta.main) {
  chooseGraphics();
  Deno.exit(await parity.run(Deno.args));
}
