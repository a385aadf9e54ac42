import type { KubeApi, Listing } from "@kubeferry/kube";
import type { Call, Log, LogFields } from "@kubeferry/model";
import { type ObjectStore, observed } from "@kubeferry/object-store";
import type { RequestTarget } from "@kubeferry/telemetry";

/** Requests of one run, as they stand. */
export type RequestCounts = Readonly<Record<RequestTarget, { inFlight: number; retries: number }>>;

/** Counts the requests to a store that are under way. */
export function measuredStore(store: ObjectStore, counts: RequestCounts["store"]): ObjectStore {
  return observed(store, ({ phase }) => {
    counts.inFlight += phase === "before" ? 1 : -1;
  });
}

/** Counts the lists and single requests to an API server that are under way. */
export function measuredKube(kube: KubeApi, counts: RequestCounts["kubernetes"]): KubeApi {
  const during = async <T>(request: () => Promise<T>): Promise<T> => {
    counts.inFlight++;
    try {
      return await request();
    } finally {
      counts.inFlight--;
    }
  };
  return {
    ...kube,
    discover: (call) => during(() => kube.discover(call)),
    get: (path, call, maxBytes) => during(() => kube.get(path, call, maxBytes)),
    review: (path, body, call) => during(() => kube.review(path, body, call)),
    identify: (configured, call) => during(() => kube.identify(configured, call)),
    list: (type, request, call) => measuredListing(kube.list(type, request, call), counts),
  };
}

function measuredListing(listing: Listing, counts: RequestCounts["kubernetes"]): Listing {
  return {
    end: () => listing.end(),
    async *[Symbol.asyncIterator]() {
      counts.inFlight++;
      try {
        yield* listing;
      } finally {
        counts.inFlight--;
      }
    },
  };
}

/** Counts requests that are sent again. Each is a log line, wherever in the program it happens. */
export function countedRetries(call: Call, counts: RequestCounts): Call {
  return seenBy(call, (fields) => {
    if (fields?.operation !== "request_retry") return;
    const { target } = fields;
    if (target === "kubernetes" || target === "store") counts[target].retries++;
  });
}

/** The same call; the fields of its log lines are looked at too, whatever their level. */
export function seenBy(call: Call, see: (fields: LogFields | undefined) => void): Call {
  const watched =
    (write: Log["warn"]): Log["warn"] =>
    (message, fields) => {
      see(fields);
      write(message, fields);
    };
  const { debug, info, warn, error } = call.log;
  return { ...call, log: { debug: watched(debug), info: watched(info), warn: watched(warn), error: watched(error) } };
}
