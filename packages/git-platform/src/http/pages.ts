import { type ZodType, z } from "zod";
import { PlatformError } from "../platform-error.ts";
import type { ForgeAnswer, ForgeRequest, Query } from "./forge-http.ts";
import { checkAnswer, parseAnswer } from "./parse-answer.ts";

/**
 * How a host names the next page. "link": the Link header's address, which must stay on the host's own origin.
 * "number": `page=2`, and so on until a page is empty or the Link header has no next one; for hosts whose links name
 * the public address even where they are reached by another one.
 */
type Paging = "link" | "number" | NextPage;

/** What is known of a page when the next one is to be asked for. */
interface PageRead {
  readonly answer: ForgeAnswer;
  /** The answer's JSON, for a next page that is named in it. */
  readonly json: unknown;
  /** 1 for the first. */
  readonly number: number;
  /** How many items it held. */
  readonly items: number;
}

/**
 * A host's own way: reads from a page how to ask for the next one; undefined after the last. `query` is added to that
 * of the list; `path` replaces it whole, and may be an address, which must stay on the host's own origin.
 */
export type NextPage = (page: PageRead) => { readonly path: string } | { readonly query: Query } | undefined;

/** A list to be read whole. */
export interface PagesRequest<T> {
  readonly path: string;
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>>;
  /** Where in an answer its items are: "values"; left out where the answer is the array itself. */
  readonly itemsIn?: string;
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
    const json = parseAnswer(place.who, page, answer, z.unknown());
    const items = itemsOf(place, request, json);
    yield* items;
    const next = nextPage(place, request, { answer, json, number, items: items.length });
    if (next === undefined) return;
    page = next;
  }
  throw refused(place, request, `the list has more than ${MAX_PAGES} pages`);
}

// Some hosts write null for no items.
function itemsOf<T>({ who }: Place, request: PagesRequest<T>, json: unknown): readonly T[] {
  const { itemsIn, item } = request;
  if (itemsIn === undefined) return checkAnswer(who, request, json, z.array(item));
  const page = checkAnswer(who, request, json, z.object({ [itemsIn]: z.array(item).nullable() }));
  return page[itemsIn] ?? [];
}

function firstPage<T>(request: PagesRequest<T>): ForgeRequest {
  const { query, paging } = request;
  return getting(request, paging === "number" ? { ...query, page: 1 } : query);
}

function getting<T>({ path, operation, headers }: PagesRequest<T>, query: Query | undefined): ForgeRequest {
  return {
    method: "GET",
    path,
    operation,
    ...(query === undefined ? {} : { query }),
    ...(headers === undefined ? {} : { headers }),
  };
}

function nextPage<T>(place: Place, request: PagesRequest<T>, read: PageRead): ForgeRequest | undefined {
  const { query, paging } = request;
  const { link } = read.answer.headers;
  const next = nextLink(link);
  if (typeof paging === "function") {
    const asked = paging(read);
    if (asked === undefined) return undefined;
    if ("query" in asked) return getting(request, { ...query, ...asked.query });
    return getting({ ...request, path: onOrigin(place, request, asked.path) }, undefined);
  }
  switch (paging) {
    case "number":
      if (read.items === 0 || (link !== undefined && next === undefined)) return undefined;
      return getting(request, { ...query, page: read.number + 1 });
    case "link":
      return next === undefined ? undefined : getting({ ...request, path: onOrigin(place, request, next) }, undefined);
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
