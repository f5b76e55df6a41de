/** `parity FILE...`: runs golden cases and compares every expected tensor. */
import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { multiple } from "@optique/core/modifiers";
import { argument, option } from "@optique/core/primitives";
import { choice, string } from "@optique/core/valueparser";
import type { Backend } from "../../core/backends/backend.ts";
import {
  openBackend,
  type OpenBackendOptions,
  type OpenedBackend,
} from "../../core/backends/open_backend.ts";
import { readUserFile } from "../../config/read_user_file.ts";
import { UsageError } from "../../config/usage_error.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import type { Command } from "../../cli/command.ts";
import { deviceOptions } from "../../cli/device_options.ts";
import { withErrorLine } from "../../cli/error_boundary.ts";
import { anyOf, footerOf, withShownDefault } from "../../cli/help.ts";
import { sizeLimits } from "../../store/files/open_file.ts";
import { chooseGraphics } from "../../cli/graphics.ts";
import { readGolden } from "./golden.ts";
import { type ParityRow, runParity } from "./run_parity.ts";
import { parseOptions } from "../../cli/parse_options.ts";

const name = "parity";
const summary = "Compare golden cases with what a backend computes";

const lowerings = ["auto", "fused", "joined", "split"] as const;

const options = object({
  device: deviceOptions.device,
  allowSoftwareAdapter: deviceOptions.allowSoftwareAdapter,
  lowering: withShownDefault(
    option("--lowering", choice(lowerings, { metavar: "LOWERING" }), {
      description: message`How programs become GPU kernels: ${anyOf(lowerings)}`,
    }),
    "auto",
  ),
  files: multiple(
    argument(string({ metavar: "FILE" }), {
      description: message`Golden case, a .safetensors file`,
    }),
    { min: 1 },
  ),
});

const footer = footerOf({
  about: "Runs each case on a device and compares every expected tensor by its relative RMS " +
    "difference: at most 1e-6 on the reference; in float32 at most 5e-6, or 2e-5 for the families " +
    "with long sequences.",
  examples: [
    "parity tests/goldens/rnn_dfa_clipped.safetensors",
    "parity --device reference tests/goldens/*.safetensors",
  ],
  exitCodes: "0 all pass, 1 a tensor fails or a setting is not understood, 2 a file cannot be used",
});

/** One line: name, relative RMS (the largest value where 0 is expected), ok or FAIL. */
const line = ({ name, error, passed }: ParityRow, width: number): string =>
  `  ${name.padEnd(width)}  ${error.toExponential(2).padStart(8)}  ${passed ? "ok" : "FAIL"}`;

/** @throws UsageError or DamagedFileError if the file cannot be used. @returns the exit code. */
async function compareFile(path: string, backend: Backend): Promise<number> {
  const rows = await runParity(readGolden(path, readFile(path)), backend);
  const width = Math.max(...rows.map(({ name }) => name.length));
  console.log([path, ...rows.map((row) => line(row, width))].join("\n"));
  return rows.every(({ passed }) => passed) ? exitCodes.ok : exitCodes.failure;
}

function readFile(path: string): Uint8Array {
  try {
    return readUserFile(path, sizeLimits.tensors);
  } catch (error) {
    throw new UsageError(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

export const parity: Command = async (args, title) => {
  const values = parseOptions(options, args, { ...title, footer });
  if (!values) return exitCodes.ok;
  const { files, ...choice } = values;
  const { backend, reason } = await openChosen(choice);
  console.error(reason);
  try {
    const codes: number[] = [];
    // A file that cannot be used does not stop the next one.
    for (const path of files) codes.push(await withErrorLine(() => compareFile(path, backend)));
    const passed = codes.filter((code) => code === exitCodes.ok).length;
    console.error(`${passed} of ${files.length} cases agree`);
    return Math.max(...codes);
  } finally {
    backend.close();
  }
};

/** @throws UsageError if the device does not know one of the options. */
async function openChosen(choice: OpenBackendOptions): Promise<OpenedBackend> {
  try {
    return await openBackend(choice);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

/** Runs one command line and returns its exit code. */
export const main = (args: readonly string[]): Promise<number> =>
  withErrorLine(() => parity(args, { name, summary }));

if (import.meta.main) {
  chooseGraphics();
  Deno.exit(await main(Deno.args));
}
