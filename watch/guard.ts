/** Who may ask this server for what. */
import { refuse } from "./responses.ts";

/** Names of this machine, with any port: it may be reached through a tunnel that has another one. */
const ownHost = /^(?:127\.0\.0\.1|localhost)(?::\d{1,5})?$/i;

/**
 * The refusal of a request; undefined if it may be answered. A page of another server can make its own name
 * stand for 127.0.0.1 (DNS rebinding); the header Host then has that name.
 */
export function refusalOf(request: Request): Response | undefined {
  if (!ownHost.test(request.headers.get("host") ?? "")) {
    return refuse(403, "this server answers as 127.0.0.1 or localhost only");
  }
  if (request.method !== "GET") {
    const response = refuse(405, "this server only shows: GET is all it answers");
    response.headers.set("allow", "GET");
    return response;
  }
  return undefined;
}
