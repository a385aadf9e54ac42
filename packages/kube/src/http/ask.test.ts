import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { sendJson, sendStatus, startFaultyApi } from "../testing/faulty-api.ts";
import { openTestApi } from "../testing/test-api.ts";
import { testCall } from "../testing/test-call.ts";

describe("get", () => {
  it("refuses an answer above the limit, however small it came over the wire", async () => {
    const { kubeconfig } = await startFaultyApi((_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(Buffer.alloc(10_000_000)));
    });
    await expect(openTestApi({ kubeconfig }).api.get("/version", testCall, 1_000_000)).rejects.toThrow(
      "kube: get /version: invalid: the answer is larger than 1000000 bytes",
    );
  });

  it("asks again after a failure, and stops waiting when it is told to", async () => {
    const { kubeconfig } = await startFaultyApi((_, response) => sendJson(response, 500, {}));
    const controller = new AbortController();
    controller.abort(new Error("stopped"));
    const { api } = openTestApi({ kubeconfig });
    await expect(api.get("/version", testCall)).rejects.toMatchObject({ kind: "unavailable" });
    await expect(api.get("/version", { ...testCall, signal: controller.signal })).rejects.toThrow("stopped");
  });

  it("keeps to the path the server lives under, as behind a proxy for many clusters", async () => {
    const { kubeconfig, asked } = await startFaultyApi((_, response) => sendJson(response, 200, {}));
    const { writeTestKubeconfig } = await import("../testing/test-api.ts");
    const { readFileSync } = await import("node:fs");
    const server = JSON.parse(readFileSync(kubeconfig, "utf8")).clusters[0].cluster.server;
    const below = writeTestKubeconfig({ server: `${server}/k8s/clusters/c-1/` }, {});
    const { api } = openTestApi({ kubeconfig: below });
    await api.get("/version?x=1", testCall);
    expect(asked[0]?.path).toBe("/k8s/clusters/c-1/version");
    expect(api.description).toBe(`${server}/k8s/clusters/c-1 (context test)`);
  });

  it.each(["version", "//elsewhere/version"])("refuses %s, which is no path below the server", async (path) => {
    const { kubeconfig, asked } = await startFaultyApi((_, response) => sendJson(response, 200, {}));
    await expect(openTestApi({ kubeconfig }).api.get(path, testCall)).rejects.toMatchObject({ kind: "invalid" });
    expect(asked).toHaveLength(0);
  });

  it("reports a redirect instead of following it", async () => {
    const { kubeconfig, asked } = await startFaultyApi((_, response) =>
      sendStatus(response, 302, { reason: "Found" }, { location: "http://127.0.0.1:1/" }),
    );
    await expect(openTestApi({ kubeconfig }).api.get("/version", testCall)).rejects.toThrow("the server answered 302");
    expect(asked).toHaveLength(1);
  });
});
