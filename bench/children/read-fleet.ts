// The limit `read`: the newest snapshots of some clusters, read and thrown away.
import { prefixed } from "@kubeferry/object-store";
import { argument, report } from "../frame/child.ts";
import type { GitOpsFleet } from "../gitops-fleet.ts";
import { readSegments } from "../read-segments.ts";
import { newestOf, openStoreOf } from "../stored-snapshot.ts";

const { file, env, clusters } = argument<GitOpsFleet>();
const store = await openStoreOf(file, env);

await report(async () => {
  const counts = { segments: 0, objects: 0, bytes: 0 };
  for (const cluster of clusters) {
    const root = prefixed(store, `${cluster}/`);
    const { segments, lines, bytes } = await readSegments(root, await newestOf(root));
    counts.segments += segments;
    counts.objects += lines;
    counts.bytes += bytes;
  }
  return counts;
});
