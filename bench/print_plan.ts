/** `deno task bench:plan [NAME...]`: what benched programs do to the memory of a GPU, without one. */
import { errorLine } from "../config/error_line.ts";
import { benchCases } from "./cases.ts";
import { planHeading, planLines } from "./plan.ts";
import { published, workloads } from "./workloads.ts";

const programs = [
  published,
  ...workloads,
  ...benchCases("", "gpu").map(({ name, program }) => ({ name, build: () => program })),
];
const names = Deno.args;
const unknown = names.filter((name) => !programs.some((program) => program.name === name));
if (unknown.length > 0) {
  const known = programs.map(({ name }) => name).join(", ");
  console.error(`error: ${errorLine(`unknown program ${unknown.join(", ")}, expected ${known}`)}`);
  Deno.exit(2);
}
console.log(planHeading);
for (const { name, build } of programs) {
  if (names.length > 0 && !names.includes(name)) continue;
  for (const line of planLines(name, build("gpu"), { stages: names.length > 0 })) console.log(line);
}
