import { prefixed } from "@kubeferry/object-store";
import { expect, it } from "vitest";
import { configMaps, object } from "../testing/cluster.ts";
import { takeSnapshot } from "../testing/runs.ts";
import { call, describeOnStores } from "../testing/stores.ts";
import { clusterRoot } from "./cluster-root.ts";
import { clustersIn } from "./clusters.ts";

const CLUSTERS = [
  { domain: "a.example.com", name: "east" },
  { domain: "b.example.com", name: "west" },
];

describeOnStores(["folder"], (fresh) => {
  it.each(["{domain}/{cluster}", "clusterbackup/{cluster}", "{cluster}", "backups/{cluster}/of/{domain}"])(
    "finds the clusters below %s, and nothing that others keep beside them",
    async (template) => {
      const store = fresh();
      for (const cluster of CLUSTERS) {
        const root = prefixed(store, clusterRoot(template, cluster));
        const sources = { nameSource: "configuration", domainSource: "configuration" } as const;
        const identity = { ...cluster, uid: cluster.name, ...sources };
        await takeSnapshot(root, [{ type: configMaps, objects: [object(configMaps, "shop/a", "1")] }], {
          details: { cluster: identity },
        });
      }
      await store.put("other/backups/nightly.tar", Buffer.from("x"), {}, call);
      await store.put("clusterbackup/elsewhere/x/y", Buffer.from("x"), {}, call);
      const found = [];
      for await (const cluster of clustersIn(store, template, call)) found.push(cluster);
      expect(found).toEqual(CLUSTERS);
    },
  );
});
