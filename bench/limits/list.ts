// The limit `list`: what the API server takes to tell all that a backup reads.
import type { FreshKubeApi } from "@kubeferry/testbed";
import { runChild } from "../frame/child.ts";
import type { Sample } from "../frame/measure.ts";

/** A bare loop over every type, parsed as JSON and thrown away. @param atOnce lists under way, each over a connection of its own */
export function listCluster({ url, caFile, adminToken: token }: FreshKubeApi, atOnce = 1): Promise<Sample> {
  return runChild("list", { url, caFile, token, atOnce });
}
