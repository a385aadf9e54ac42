import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Call } from "@kubeferry/model";
import { openStore, prefixed } from "@kubeferry/object-store";
import { openSeries, type Snapshot } from "@kubeferry/snapshot";

/** Domain and name under which the example was captured. */
export const EXAMPLE_CLUSTER = { domain: "example.internal", name: "harbour" };

/** In a checkout the example lies in `examples/`, in the published package beside the code. */
const PLACES = ["../../../../examples/harbour/store", "../example/store"];

/** Opens the example snapshot, captured from a real API server. */
export async function exampleSnapshot(call: Call): Promise<Snapshot> {
  const path = PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((place) => existsSync(place));
  const store = await openStore({ type: "folder", path: path ?? "examples/harbour/store", prefix: "" });
  const root = prefixed(store, `${EXAMPLE_CLUSTER.domain}/${EXAMPLE_CLUSTER.name}/`);
  return openSeries(root, "default").at(1, call);
}
