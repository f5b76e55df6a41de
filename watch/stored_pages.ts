/** The pages that commands have written into the folder of a run. */
import { join } from "node:path";
import { foreignPolicy } from "../report/page/content_policy.ts";
import { openForReading } from "../store/files/open_file.ts";
import { respond } from "./responses.ts";

/** Their names. */
const names = ["report.html", "evaluation.html", "visualization.html"];

/** The pages that there are of the run in a folder; a link is none. */
export const storedPages = (folder: string): string[] =>
  names.filter((name) => {
    try {
      return Deno.lstatSync(join(folder, name)).isFile;
    } catch {
      return false;
    }
  });

/** A page of the run in a folder; undefined if there is none of this name. */
export function storedPage(folder: string, name: string): Response | undefined {
  if (!storedPages(folder).includes(name)) return undefined;
  const { file } = openForReading(join(folder, name));
  return respond(file.readable, { type: "text/html; charset=utf-8", policy: foreignPolicy });
}
