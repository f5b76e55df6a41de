/** Answers the requests of pages: the runs, their curves, and the files that draw them. */
import { isUnusableFile } from "../store/files/unusable_file.ts";
import { type Asset, assets, drawPage, plotly, plotlyPath } from "./assets.ts";
import { createCurveCache } from "./curve_cache.ts";
import { refusalOf } from "./guard.ts";
import { refuse, respond, respondJson } from "./responses.ts";
import { storedPage, storedPages } from "./stored_pages.ts";
import { watchRuns } from "./watched_runs.ts";

export interface Answers {
  answer(request: Request): Promise<Response>;
  /** How many runs there are. */
  readonly count: number;
  /** How many runs it holds curves of. */
  held(): number;
  close(): void;
}

type Route = (query: URLSearchParams) => Response | undefined | Promise<Response>;

const send = ({ text, type }: Asset): Response => respond(text, { type });

/**
 * Makes the answers for the runs below a folder, which is only read. All runs are read once, so that the
 * first page has them at once.
 *
 * @param options.clock milliseconds since 1970.
 * @param options.idle milliseconds until curves are dropped that nobody asks for.
 * @throws UsageError if there is no such folder.
 */
export function createAnswers(
  root: string,
  { clock, idle }: { clock?: () => number; idle?: number } = {},
): Answers {
  const runs = watchRuns(root, clock ? { clock } : {});
  const curves = createCurveCache(idle === undefined ? {} : { idle });
  const { count } = runs.changesSince(0);

  function curvesOf(query: URLSearchParams): Response | undefined {
    const folder = runs.folderOf(query.get("run") ?? "");
    if (folder === undefined) return undefined;
    try {
      const found = curves.of(folder).of(query.get("metric") ?? "");
      return respondJson({ ...found, pages: storedPages(folder) });
    } catch (error) {
      if (!isUnusableFile(error)) throw error;
      return respondJson({ problem: error.message });
    }
  }

  const routes: Readonly<Record<string, Route>> = {
    "/": () => send(drawPage(root)),
    [plotlyPath]: async () => send(await plotly()),
    "/runs": (query) => respondJson(runs.changesSince(Number(query.get("since") ?? 0))),
    "/curves": curvesOf,
    "/page": (query) => {
      const folder = runs.folderOf(query.get("run") ?? "");
      return folder === undefined ? undefined : storedPage(folder, query.get("name") ?? "");
    },
  };

  return {
    count,
    held: curves.size,
    close: curves.close,
    async answer(request) {
      const refusal = refusalOf(request);
      if (refusal) return refusal;
      const { pathname, searchParams } = new URL(request.url);
      const asset = Object.hasOwn(assets, pathname) ? assets[pathname]! : undefined;
      if (asset) return send(asset);
      const route = Object.hasOwn(routes, pathname) ? routes[pathname]! : undefined;
      return await route?.(searchParams) ?? refuse(404, "there is nothing at this address");
    },
  };
}
