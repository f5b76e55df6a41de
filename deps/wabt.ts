/** Assembles WebAssembly text. */
export { default as wabt } from "npm:wabt@1.0.39";
