/** The server of the live page. It listens on this machine alone, and can write nothing. */
import { errorLine } from "../config/error_line.ts";
import { UsageError } from "../config/usage_error.ts";
import { createAnswers } from "./answer.ts";
import { refuse } from "./responses.ts";

const hostname = "127.0.0.1";

export interface Watching {
  /** The address of the page. */
  readonly url: string;
  /** How many runs there are at first. */
  readonly count: number;
  /** Resolves when it has ended. */
  readonly finished: Promise<void>;
}

/**
 * Serves the live page of the runs below a folder until `signal` ends it.
 *
 * @param options.port 0: any that is free.
 * @throws UsageError if there is no such folder, or the port is taken or not allowed.
 */
export function serveRuns(
  root: string,
  { port, signal }: { port: number; signal: AbortSignal },
): Watching {
  const { answer, count, close } = createAnswers(root);
  try {
    const server = Deno.serve({
      hostname,
      port,
      signal,
      onListen: () => {},
      onError: (error) => refuse(500, `error: ${errorLine(error)}`),
    }, answer);
    return {
      url: `http://${hostname}:${server.addr.port}/`,
      count,
      finished: server.finished.finally(close),
    };
  } catch (error) {
    close();
    throw portProblem(error, port) ?? error;
  }
}

function portProblem(error: unknown, port: number): UsageError | undefined {
  const said = error instanceof Deno.errors.AddrInUse
    ? "is taken"
    : error instanceof Deno.errors.PermissionDenied
    ? "is for the system alone"
    : undefined;
  return said === undefined
    ? undefined
    : new UsageError(`port ${port} of ${hostname} ${said}: name another by --port, or 0 for any`, {
      cause: error,
    });
}
