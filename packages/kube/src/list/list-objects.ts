import { type Call, type ResourceType, typeName } from "@kubeferry/model";
import type { KubeHttp } from "../http/kube-http.ts";
import type { Retry } from "../http/retry.ts";
import type { ListEnd, ListedObject, Listing, ListRequest } from "../kube-api.ts";
import { KubeError } from "../kube-error.ts";
import { createPageReader, type ListProgress } from "./read-page.ts";

/** What a list is read with. */
export interface ListTools {
  readonly http: KubeHttp;
  readonly retry: Retry;
  /** Milliseconds. */
  readonly now: () => number;
}

/** Lists one type page by page; the promises are those of `KubeApi.list`. */
export function listObjects(type: ResourceType, request: ListRequest, tools: ListTools, call: Call): Listing {
  const operation = `list ${typeName(type)}`;
  let begun = false;
  let ended: ListEnd | undefined;

  async function* objects(): AsyncGenerator<ListedObject> {
    if (begun) throw new Error(`${operation}: a listing can be iterated once`);
    begun = true;
    const progress: ListProgress = {
      lastKey: undefined,
      objects: 0,
      pages: 0,
      revision: undefined,
      pageSize: request.pageSize,
      consistent: true,
    };
    for await (const batch of allPages(type, { request, operation, progress, tools, call })) {
      for (const object of batch) yield object;
    }
    ended = {
      resourceVersion: progress.revision ?? "",
      consistent: progress.consistent,
      pages: progress.pages,
      objects: progress.objects,
    };
  }

  return {
    [Symbol.asyncIterator]: objects,
    end() {
      if (ended === undefined) throw new Error(`${operation}: the listing has not been read to its end`);
      return ended;
    },
  };
}

/** A selector may leave some pages empty; a list whose tokens lead nowhere has nothing but those. */
const MAX_EMPTY_PAGES = 100;

/** One list under way. */
export interface ListRun {
  readonly request: ListRequest;
  readonly operation: string;
  readonly progress: ListProgress;
  readonly tools: ListTools;
  readonly call: Call;
}

async function* allPages(type: ResourceType, run: ListRun): AsyncGenerator<readonly ListedObject[]> {
  const { progress, call, operation } = run;
  const readPage = createPageReader(type, run);
  let token = "";
  let objectsAtExpiry = -1;
  let pagesWithout = 0;
  for (;;) {
    try {
      const objectsBefore = progress.objects;
      const next = yield* readPage(token);
      if (next === "") return;
      if (next === token) throw endless(operation, "the server gave the same continue token twice");
      pagesWithout = progress.objects === objectsBefore ? pagesWithout + 1 : 0;
      if (pagesWithout > MAX_EMPTY_PAGES) throw endless(operation, "the server gives page after page without objects");
      token = next;
    } catch (error) {
      // A token that expires again before one more object came leads nowhere.
      if (!mayGoOn(error, run) || progress.objects === objectsAtExpiry) throw error;
      call.log.warn("list goes on from a later revision", {
        operation: "resource_list",
        request: operation,
        objects: progress.objects,
      });
      objectsAtExpiry = progress.objects;
      progress.consistent = false;
      token = error.continueToken;
    }
  }
}

function mayGoOn(error: unknown, { request }: ListRun): error is KubeError & { readonly continueToken: string } {
  if (!(error instanceof KubeError) || error.kind !== "expired") return false;
  // The error's token leads to a later revision, and that is not what was asked for.
  if (request.strict === true || request.revision !== undefined) return false;
  return error.continueToken !== undefined;
}

function endless(operation: string, problem: string): KubeError {
  return new KubeError({ kind: "invalid", who: "kube", operation, problem });
}
