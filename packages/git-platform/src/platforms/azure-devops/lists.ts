import type { Call } from "@kubeferry/model";
import type { ZodType } from "zod";
import type { ForgeHttp, Query } from "../../http/forge-http.ts";
import { API_VERSION, PAGE_SIZE } from "./paths.ts";

/** A list that Azure gives by `$top` and `$skip`, without saying how long it is. */
interface ListRequest<T> {
  readonly path: string;
  readonly query?: Query;
  readonly item: ZodType<T>;
  readonly operation: string;
}

/** Yields the items of every page. */
export function listed<T>(http: ForgeHttp, { query, ...request }: ListRequest<T>, call: Call): AsyncIterable<T> {
  const whole = { ...query, ...API_VERSION, $top: PAGE_SIZE };
  const paging = ({ number, items }: { readonly number: number; readonly items: number }) =>
    items < PAGE_SIZE ? undefined : { query: { $skip: number * PAGE_SIZE } };
  return http.pages({ ...request, query: whole, itemsIn: "value", paging }, call);
}
