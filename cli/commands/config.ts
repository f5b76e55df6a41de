/** `config schema`: prints the JSON Schema of config files, for editors. */
import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { argument } from "@optique/core/primitives";
import { choice } from "@optique/core/valueparser";
import { Catalogue } from "../../config/catalogue.ts";
import { configSchema } from "../../config/schema/config_schema.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import { entryOptions, loadCode } from "../code_options.ts";
import type { Command } from "../command.ts";
import { footerOf } from "../help.ts";
import { parseOptions } from "../parse_options.ts";

const options = object({
  what: argument(choice(["schema"], { metavar: "WHAT" }), {
    description: message`What to print: schema`,
  }),
  ...entryOptions,
});

const footer = footerOf({
  about:
    "Prints a JSON Schema (draft 2020-12) of config files, with the settings of every task, model and updater, and of " +
    "files of your own that are named. Editors complete and check by it. It is named by a comment in the first line of a " +
    "YAML file (# yaml-language-server: $schema=hebb.schema.json) or a TOML file (#:schema ./hebb.schema.json), and in " +
    'JSON by the key "$schema".',
  examples: ["config schema", "config schema --model examples/own/hebbff.ts"],
  exitCodes: "0 printed, 2 usage",
});

export const config: Command = async (args, title) => {
  const values = parseOptions(options, args, { ...title, footer });
  if (!values) return exitCodes.ok;
  const { own } = await loadCode({ ...values, allowChangedCode: false });
  console.log(JSON.stringify(configSchema(new Catalogue(own)), null, 2));
  return exitCodes.ok;
};
