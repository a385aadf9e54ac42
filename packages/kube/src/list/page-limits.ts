import type { AnswerBody } from "../http/kube-http.ts";
import { KubeError } from "../kube-error.ts";

/** How much one page may be. */
export interface PageLimits {
  readonly bytes: number;
  /** Spent waiting for the server; what the consumer takes between two chunks does not count. */
  readonly waitMs: number;
}

/** etcd takes 1.5 MB an object by default; servers that keep to no page size send all they have in one page. */
const MAX_OBJECT_IN_PAGE_BYTES = 2 * 1024 * 1024;
const MIN_PAGE_BYTES = 1024 * 1024 * 1024;
/** A minute is the API server's own limit for a request; a slow line may need longer for the body. */
const PAGE_WAIT_MS = 10 * 60_000;

/** The limits of a page of so many objects. */
export function pageLimits(pageSize: number): PageLimits {
  return { bytes: Math.max(MIN_PAGE_BYTES, pageSize * MAX_OBJECT_IN_PAGE_BYTES), waitMs: PAGE_WAIT_MS };
}

/**
 * Passes a page's bytes on until they are too many or have taken too long: a server that sends a byte a second never
 * runs into the timeout between two bytes.
 * @throws KubeError "invalid" for too many bytes, "unavailable" for too long
 */
export async function* limitedPage(
  body: AnswerBody,
  { bytes, waitMs }: PageLimits,
  { operation, now }: { readonly operation: string; readonly now: () => number },
): AsyncGenerator<Uint8Array> {
  let size = 0;
  let waited = 0;
  let askedAt = now();
  for await (const chunk of body) {
    waited += now() - askedAt;
    size += chunk.length;
    if (size > bytes) throw endless("invalid", operation, `the page has more than ${bytes} bytes and no end`);
    if (waited > waitMs) {
      throw endless("unavailable", operation, `the page has been on its way for ${waitMs / 60_000} minutes`);
    }
    yield chunk;
    askedAt = now();
  }
}

function endless(kind: "invalid" | "unavailable", operation: string, problem: string): KubeError {
  const next = "look at the server of this API group, or leave the type out with backup.filter.resources.exclude";
  return new KubeError({ kind, who: "kube", operation, problem, next });
}
