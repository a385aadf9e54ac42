import type { ReplayCatalogue } from "../catalogue.ts";
import { ReplayError } from "../replay-error.ts";

const MATCHES: readonly string[] = ["", "Exact", "NotOlderThan"];

/**
 * A snapshot is one revision of everything. Whoever wants no older one, or any, gets it; another exact one is as gone
 * as one that an API server has compacted.
 * @throws ReplayError "expired"; "bad-request" for a match that does not exist, or has nothing to match
 */
export function checkRevision(query: URLSearchParams, catalogue: ReplayCatalogue): void {
  const revision = query.get("resourceVersion") ?? "";
  const match = query.get("resourceVersionMatch") ?? "";
  if (!MATCHES.includes(match)) {
    throw new ReplayError("bad-request", `resourceVersionMatch: expected Exact or NotOlderThan, got "${match}"`);
  }
  if (match !== "" && revision === "") {
    throw new ReplayError("bad-request", "resourceVersionMatch is forbidden unless resourceVersion is provided");
  }
  if (match === "Exact" && revision !== catalogue.resourceVersion) {
    const only = `a snapshot has only its own, ${catalogue.resourceVersion}`;
    throw new ReplayError("expired", `the resource version ${revision} is not available: ${only}`);
  }
}
