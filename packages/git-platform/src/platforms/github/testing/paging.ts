import { z } from "zod";
import { pageOf } from "../../../testing/stand-in/host-state.ts";
import type { StandInAnswer } from "../../../testing/stand-in/route.ts";

const NUMBER = z.string().regex(/^\d+$/);

/** The query of every list. */
export const PAGING = { per_page: NUMBER.optional(), page: NUMBER.optional() };

/** A server may give fewer than are asked for; with so few, lists of the tests have several pages. */
const MOST = 25;

interface Asked {
  readonly query: { readonly per_page?: string | undefined; readonly page?: string | undefined };
  readonly url: string;
  readonly path: string;
}

/** One page of a list, with a Link header to the next. */
export function listed(items: readonly unknown[], { query, url, path }: Asked): StandInAnswer {
  const number = Number(query.page ?? 1);
  const page = pageOf(items, { number, size: Math.min(Number(query.per_page ?? 30), MOST) });
  if (page.last) return { status: 200, json: page.items };
  const next = new URL(path, url);
  next.searchParams.set("page", String(number + 1));
  return { status: 200, json: page.items, headers: { link: `<${next.href}>; rel="next", <${next.href}>; rel="last"` } };
}
