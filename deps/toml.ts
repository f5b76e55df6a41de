/** Parses TOML. */
export { parse, TomlDate, TomlError } from "npm:smol-toml@1.9.1";
