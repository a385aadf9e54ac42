import type { Call, LogFields } from "@kubeferry/model";

/** A call that nothing stops, and what was logged in it: "GET /repos/acme/fleet", "branch pushed". */
export interface RecordedCall {
  readonly call: Call;
  /** Requests to a host by method and path, everything else by its message; in order. */
  readonly lines: readonly string[];
}

/** Listens to a run. */
export function recordedCall(): RecordedCall {
  const lines: string[] = [];
  const note = (message: string, fields: LogFields = {}): void => {
    const { operation, method, path } = fields as { operation?: string; method?: string; path?: string };
    lines.push(operation === "host_request" && method !== undefined ? `${method} ${path}` : message);
  };
  const log = { debug: note, info: note, warn: note, error: note };
  return { call: { signal: new AbortController().signal, log }, lines };
}
