// Browsing a snapshot: how long until kubectl has its first answer, next to reading everything that could be asked for.
import { servers } from "@kubeferry/testbed";
import { backUp, freshPlace } from "../backup-run.ts";
import { startFullCluster } from "../cluster.ts";
import { runChild } from "../frame/child.ts";
import type { Setting, Suite } from "../frame/measure.ts";
import type { StoredPlace } from "../stored-snapshot.ts";

/** What the first answer may take, by reading all segments. */
const WANTED = 2;
const FIRSTS = [
  { name: "first table of a namespace", path: "/api/v1/namespaces/team-7/configmaps" },
  { name: "first table of all namespaces", path: "/api/v1/configmaps" },
] as const;

export const browseSuite: Suite = {
  name: "browse",
  about:
    "A snapshot in MinIO is served, and asked what `kubectl get configmaps` asks: discovery, and the first page of the table. Without the start of the process, as the limit.",
  async open(setting: Setting) {
    const [cluster, minio] = await Promise.all([startFullCluster(setting.objects), servers.minio()]);
    const written = await freshPlace(cluster, minio, { mirror: false });
    await backUp(written);
    await cluster.stop();
    const { endpoint, accessKey, secretKey } = minio;
    const place: StoredPlace = { endpoint, bucket: written.bucket, accessKey, secretKey };
    return {
      subjects: [
        { name: "reading", run: () => runChild("read-segments", place) },
        ...FIRSTS.map(({ name, path }) => ({ name, run: () => runChild("browse", { ...place, path }) })),
      ],
      claims: FIRSTS.map(({ name }) => ({
        what: `${name} ≤ ${WANTED} × reading`,
        ratio: (round) => round(name).wallMs / round("reading").wallMs,
        wanted: { atMost: WANTED },
        inCi: { atMost: 10 },
      })),
      close: async () => undefined,
    };
  },
};
