import { randomUUID } from "node:crypto";
import type { BackupReport } from "@kubeferry/model";
import { missingServers, servers } from "@kubeferry/testbed";
import { describe, expect, it } from "vitest";
import { jsonOf, kubeferry } from "../testing/cli.ts";
import { freshStores, writeConfig } from "../testing/workspace.ts";

const SOAK = process.env.SOAK === "1";
const OBJECTS = SOAK ? 100_000 : 50_000;
const LIMIT_BYTES = 256 * 2 ** 20;

describe.skipIf(missingServers("kube-apiserver"))(`a namespace of ${OBJECTS} objects`, () => {
  it("is backed up whole in 256 MiB of memory, and so is the run that finds nothing changed", {
    timeout: 600_000,
  }, async () => {
    const server = await servers.freshKubeApi();
    try {
      const namespace = await server.freshNamespace("crowd");
      await server.plant(configMaps(namespace));
      const config = await writeConfig({
        cluster: { name: "large", domain: "example.internal" },
        kubernetes: { kubeconfig: server.kubeconfig },
        store: (await freshStores.folder()).section,
        limits: { memory: "256Mi" },
        backup: { mirror: false },
      });
      // Half for what lives; objects come and go by the thousand, and V8 would let 50 MB of dead ones lie.
      const env = { NODE_OPTIONS: "--max-old-space-size=128 --max-semi-space-size=4" };
      for (const changed of ["all", "none"]) {
        const result = await kubeferry(["backup", "--config", config, "--output", "json"], { env });
        expect(result.code, result.stderr).toBe(0);
        const { objects, segments, peakRssBytes } = jsonOf<BackupReport>(result);
        expect(objects).toBeGreaterThanOrEqual(OBJECTS);
        expect(segments.reused > 0).toBe(changed === "none");
        expect(peakRssBytes).toBeLessThan(LIMIT_BYTES);
      }
    } finally {
      await server.stop();
    }
  });
});

function* configMaps(namespace: string) {
  const creationTimestamp = "2026-01-01T00:00:00Z";
  for (let number = 0; number < OBJECTS; number++) {
    const name = `c-${number}`;
    const metadata = { name, namespace, uid: randomUUID(), creationTimestamp, labels: { app: `app-${number % 100}` } };
    const data = { settings: `number=${number}\n${"color=blue\n".repeat(40)}` };
    yield { path: `configmaps/${namespace}/${name}`, object: { kind: "ConfigMap", apiVersion: "v1", metadata, data } };
  }
}
