import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import type { BackupReport } from "@kubeferry/model";
import { missingServers, servers } from "@kubeferry/testbed";
import { describe, expect, it } from "vitest";
import { jsonOf, kubeferry } from "../testing/cli.ts";
import { freshFolder, freshStores, writeConfig } from "../testing/workspace.ts";

const BIN = fileURLToPath(new URL("../../bin/kubeferry.js", import.meta.url));

describe.skipIf(missingServers("kube-apiserver", "minio"))("environment variables alone", () => {
  it("are enough for a backup, with no file at all", async () => {
    const kube = await servers.kubeApi();
    const minio = await servers.minio();
    const store = await freshStores.MinIO();
    const env = {
      KUBECONFIG: kube.kubeconfig,
      MINIO_ENDPOINT: minio.endpoint.replace("http://", ""),
      MINIO_USE_SSL: "false",
      MINIO_BUCKET: String(store.section.bucket),
      MINIO_ACCESS_KEY: minio.accessKey,
      MINIO_SECRET_KEY: minio.secretKey,
      CLUSTER_NAME: "by-environment",
      CLUSTER_DOMAIN: "example.internal",
      LOG_LEVEL: "debug",
    };
    const result = await kubeferry(["backup", "--output", "json"], { cwd: await freshFolder(), env });
    expect(result.code, result.stderr).toBe(0);
    expect(jsonOf<BackupReport>(result)).toMatchObject({
      cluster: "example.internal/by-environment",
      status: "complete",
      secrets: "withhold",
    });
    expect(result.stderr).toContain('"operation":"resource_backup_complete"');
  });
});

describe("a backup that is told to stop", () => {
  it.each([
    ["SIGTERM", 143],
    ["SIGINT", 130],
  ] as const)("ends within seconds on %s, with exit code %i, and says how to go on", async (signal, code) => {
    const silent = createServer(() => undefined);
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as { port: number };
    try {
      const folder = await freshFolder();
      const kubeconfig = JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: [{ name: "c", cluster: { server: `http://127.0.0.1:${port}` } }],
        users: [{ name: "u", user: {} }],
        contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
        "current-context": "x",
      });
      const { writeFile } = await import("node:fs/promises");
      await writeFile(`${folder}/kubeconfig`, kubeconfig);
      const config = await writeConfig({
        kubernetes: { kubeconfig: `${folder}/kubeconfig` },
        store: { type: "folder", path: "./store" },
      });
      const child = spawn(process.execPath, [BIN, "backup", "--config", config], {
        stdio: ["ignore", "ignore", "pipe"],
      });
      const said: Buffer[] = [];
      child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
      await once(silent, "connection");
      child.kill(signal);
      const [exit] = await once(child, "close");
      expect(exit).toBe(code);
      expect(Buffer.concat(said).toString("utf8")).toContain(`stopped by ${signal}`);
    } finally {
      silent.close();
    }
  });
});
