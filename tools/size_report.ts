/** `deno run --allow-read=. tools/size_report.ts`: lines of each folder, and the largest files. */
import { fileURLToPath } from "node:url";
import { lineCount, readSourceFiles } from "./source_files.ts";

const LARGEST = 15;

interface Size {
  files: number;
  lines: number;
  testLines: number;
}

const files = readSourceFiles(fileURLToPath(new URL("..", import.meta.url)));
const sizes = new Map<string, Size>();
for (const [path, text] of files) {
  const parts = path.split("/").slice(0, -1);
  const folder = parts.slice(0, 2).join("/") || ".";
  const size = sizes.get(folder) ?? { files: 0, lines: 0, testLines: 0 };
  sizes.set(folder, size);
  size.files++;
  const isTest = /_test\.ts$/.test(path) || parts.includes("testing") || parts[0] === "tests";
  size[isTest ? "testLines" : "lines"] += lineCount(text);
}

const row = (name: string, { files, lines, testLines }: Size) =>
  console.log(
    name.padEnd(24) + [files, lines, testLines].map((count) => String(count).padStart(8)).join(""),
  );
console.log("folder".padEnd(24) + ["files", "lines", "tests"].map((x) => x.padStart(8)).join(""));
const total: Size = { files: 0, lines: 0, testLines: 0 };
for (const [folder, size] of sizes) {
  row(folder, size);
  total.files += size.files;
  total.lines += size.lines;
  total.testLines += size.testLines;
}
row("all", total);

console.log("\nlargest files");
const largest = [...files].map(([path, text]) => [path, lineCount(text)] as const)
  .sort(([, a], [, b]) => b - a).slice(0, LARGEST);
for (const [path, lines] of largest) console.log(`${String(lines).padStart(6)}  ${path}`);
