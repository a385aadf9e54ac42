import { type ZodType, z } from "zod";
import { PlatformError } from "../platform-error.ts";
import type { ForgeAnswer, ForgeRequest, Query } from "./forge-http.ts";
import { parseAnswer } from "./parse-answer.ts";

/**
 * How a host names the next page. "link": the Link header's address, which must stay on the host's own origin.
 * "number": `page=2`, and so on until a page is empty or the Link header has no next one; for hosts whose links name
 * the public address even where they are reached by another one.
 */
type Paging = "link" | "number";

/** A list to be read whole. */
export interface PagesRequest<T> {
  readonly path: string;
  readonly query?: Query;
  /** One item of the array that a page is. */
  readonly item: ZodType<T>;
  readonly paging: Paging;
  readonly operation: string;
}

interface Place {
  readonly who: string;
  readonly apiUrl: string;
}

/** A host that links in circles is left after so many pages. */
const MAX_PAGES = 1_000;

/** Yields every item of every page, a page at a time. */
export async function* pagesOf<T>(
  place: Place,
  request: PagesRequest<T>,
  send: (page: ForgeRequest) => Promise<ForgeAnswer>,
): AsyncIterable<T> {
  let page = firstPage(request);
  for (let number = 1; number <= MAX_PAGES; number += 1) {
    const answer = await send(page);
    const items = parseAnswer(place.who, page, answer, z.array(request.item));
    yield* items;
    const next = nextPage(place, request, { answer, number, empty: items.length === 0 });
    if (next === undefined) return;
    page = next;
  }
  throw refused(place, request, `the list has more than ${MAX_PAGES} pages`);
}

function firstPage<T>({ path, query, operation, paging }: PagesRequest<T>): ForgeRequest {
  return { method: "GET", path, operation, query: paging === "number" ? { ...query, page: 1 } : (query ?? {}) };
}

function nextPage<T>(
  place: Place,
  request: PagesRequest<T>,
  read: { readonly answer: ForgeAnswer; readonly number: number; readonly empty: boolean },
): ForgeRequest | undefined {
  const { path, query, operation, paging } = request;
  const { link } = read.answer.headers;
  const next = nextLink(link);
  switch (paging) {
    case "number":
      if (read.empty || (link !== undefined && next === undefined)) return undefined;
      return { method: "GET", path, operation, query: { ...query, page: read.number + 1 } };
    case "link":
      return next === undefined ? undefined : { method: "GET", path: onOrigin(place, request, next), operation };
    default:
      return paging satisfies never;
  }
}

// RFC 8288: <https://host/path?page=2>; rel="next", <…>; rel="last"
function nextLink(header: string | undefined): string | undefined {
  for (const [, address, parameters] of (header ?? "").matchAll(/<([^>]*)>([^<]*)/g)) {
    if (/;\s*rel="?(?:[^"]*\s)?next[\s"]?/i.test(`${parameters} `)) return address;
  }
  return undefined;
}

// The token would go where the link points.
function onOrigin<T>(place: Place, request: PagesRequest<T>, link: string): string {
  const base = new URL(place.apiUrl);
  const url = URL.canParse(link, place.apiUrl) ? new URL(link, place.apiUrl) : undefined;
  if (url !== undefined && url.origin === base.origin && url.username === "" && url.password === "") return url.href;
  const to = url === undefined ? "nowhere" : url.origin;
  throw refused(place, request, `the next page lies on another host (${to}), where the token is not sent`);
}

function refused<T>({ who }: Place, { operation }: PagesRequest<T>, problem: string): PlatformError {
  return new PlatformError({ kind: "invalid", who, operation, problem });
}
