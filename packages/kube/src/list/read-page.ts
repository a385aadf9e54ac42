import type { Buffer } from "node:buffer";
import { compareUtf8, type ObjectKey, type ResourceType, typeName } from "@kubeferry/model";
import { waitOrThrow } from "../http/retry.ts";
import type { ListedObject } from "../kube-api.ts";
import { KubeError } from "../kube-error.ts";
import type { ListHead } from "./list-head.ts";
import type { ListRun } from "./list-objects.ts";
import { listPath, METADATA_LIST, type PageOfList, whenListForbidden } from "./list-path.ts";
import { createListSplitter, type ListSplitter } from "./list-splitter.ts";
import { createToListedObject } from "./object-line.ts";
import { limitedPage, pageLimits } from "./page-limits.ts";

/** How far a list has come. */
export interface ListProgress {
  lastKey: ObjectKey | undefined;
  objects: number;
  pages: number;
  /** Of the newest page; undefined before the first. */
  revision: string | undefined;
  /** Objects asked for a page: fewer after the server needed too long for one. */
  pageSize: number;
  consistent: boolean;
}

/** Fewer are not worth a request: a page of them costs the server next to nothing. */
const MIN_PAGE_SIZE = 10;

/** etcd takes 1.5 MB an object by default; aggregated APIs may have larger ones. */
const MAX_OBJECT_BYTES = 64 * 1024 * 1024;

/**
 * Reads the page of a token ("" for the first) and returns the next one's, "" after the last. Objects come in batches,
 * those that ended in one chunk of the body: each step through a chain of async generators costs as much as the object.
 */
export type PageReader = (token: string) => AsyncGenerator<readonly ListedObject[], string>;

/**
 * Reads pages, each again where it broke off. A token stands for one revision, so a repeated page brings the same items
 * and those already handed on are passed over by their keys.
 */
export function createPageReader(type: ResourceType, run: ListRun): PageReader {
  const { request, operation, progress, tools, call } = run;
  const toObject = createToListedObject(type, operation);

  /** The items of a chunk that are in order and not handed on yet. */
  function newObjects(items: readonly Buffer[], order: { previous: ObjectKey | undefined }): ListedObject[] {
    const objects: ListedObject[] = [];
    for (const item of items) {
      const object = toObject(item);
      if (request.anyOrder !== true) {
        if (!isAfter(object.key, order.previous)) throw unordered(type, operation);
        order.previous = object.key;
        if (!isAfter(object.key, progress.lastKey)) continue;
        progress.lastKey = object.key;
      }
      objects.push(object);
    }
    progress.objects += objects.length;
    return objects;
  }

  async function* readOnce(page: PageOfList, after: ObjectKey | undefined, splitter: ListSplitter) {
    const path = listPath(type, request, page);
    const whenForbidden = whenListForbidden(type, request.namespace);
    const order = { previous: after };
    const accept = request.metadataOnly === true ? METADATA_LIST : "application/json";
    const { body } = await tools.http.open({ operation, path, accept, whenForbidden, list: true }, call);
    for await (const chunk of limitedPage(body, pageLimits(page.size), { operation, now: tools.now })) {
      const objects = newObjects(splitter.push(chunk), order);
      if (objects.length > 0) yield objects;
    }
    return splitter.end();
  }

  return async function* readPage(token) {
    const after = progress.lastKey;
    const objectsBefore = progress.objects;
    let revision = request.revision ?? "";
    for (let attempt = 1; ; attempt++) {
      const splitter = createListSplitter({ operation, maxItemBytes: MAX_OBJECT_BYTES });
      try {
        const head = yield* readOnce({ size: progress.pageSize, token, revision }, after, splitter);
        notePage(head, run);
        return head.continueToken;
      } catch (error) {
        await waitOrThrow(error, attempt, tools.retry, call);
        if (error instanceof KubeError && error.status === 504) {
          progress.pageSize = Math.max(MIN_PAGE_SIZE, Math.floor(progress.pageSize / 2));
        }
        const handedOn = progress.objects > objectsBefore;
        if (token === "" && handedOn && revision === "") revision = keepRevision(splitter.head(), run);
      }
    }
  };
}

/**
 * Part of a first page has been handed on, and the page is asked again. Its revision, where the server named it before
 * the items, makes the second answer equal to the first; custom resources name it behind them.
 */
function keepRevision({ resourceVersion }: ListHead, { progress, request, operation }: ListRun): string {
  if (resourceVersion !== "") return resourceVersion;
  if (request.strict === true) throw brokenFirstPage(operation);
  progress.consistent = false;
  return "";
}

function notePage({ resourceVersion }: ListHead, { progress, request, operation }: ListRun): void {
  const { revision: asked } = request;
  if (asked !== undefined && asked !== resourceVersion) throw anotherRevision(operation, asked, resourceVersion);
  // One token, one revision: servers of their own may know neither, and then pages are of different moments.
  if (progress.revision !== undefined && progress.revision !== resourceVersion) {
    if (request.strict === true) throw anotherRevision(operation, progress.revision, resourceVersion);
    progress.consistent = false;
  }
  progress.revision = resourceVersion;
  progress.pages++;
}

function isAfter(key: ObjectKey, other: ObjectKey | undefined): boolean {
  return other === undefined || compareUtf8(key, other) > 0;
}

function unordered(type: ResourceType, operation: string): KubeError {
  return new KubeError({
    kind: "unordered",
    who: "kube",
    operation,
    problem: "the server sent items twice or out of key order",
    next: `list ${typeName(type)} again and sort it in memory`,
  });
}

function brokenFirstPage(operation: string): KubeError {
  return new KubeError({
    kind: "expired",
    who: "kube",
    operation,
    problem: "the first page broke off before its revision was known",
    next: "list again from the start",
  });
}

/** Servers of their own may pass over `resourceVersion`, and answer as of now. */
function anotherRevision(operation: string, wanted: string, given: string): KubeError {
  return new KubeError({
    kind: "expired",
    who: "kube",
    operation,
    problem: `the server answered as of revision "${given}", not as of "${wanted}"`,
    next: "list it as of now: the server keeps no earlier revision of it",
  });
}
