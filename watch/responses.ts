/** Responses that give a browser no more than it needs. */
import { servedPolicy } from "../report/page/content_policy.ts";

const headers = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  // Pages of other servers can embed nothing of this one, nor keep a hold of its windows.
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  // Runs change; and packing takes longer than sending inside one machine.
  "cache-control": "no-store, no-transform",
} as const;

export interface ResponseOptions {
  /** A media type. */
  readonly type: string;
  readonly status?: number;
  readonly policy?: string;
}

/** A response with the headers of all. */
export const respond = (
  body: BodyInit,
  { type, status = 200, policy = servedPolicy }: ResponseOptions,
): Response =>
  new Response(body, {
    status,
    headers: { ...headers, "content-type": type, "content-security-policy": policy },
  });

/** A value as JSON. */
export const respondJson = (value: unknown): Response =>
  respond(JSON.stringify(value), { type: "application/json" });

/** A line of text for whoever asked wrongly. */
export const refuse = (status: number, line: string): Response =>
  respond(`${line}\n`, { type: "text/plain; charset=utf-8", status });
