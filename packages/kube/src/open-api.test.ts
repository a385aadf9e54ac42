import { missingServers, servers } from "@kubeferry/testbed";
import { describe, expect, it } from "vitest";
import { fetchOpenApi } from "./open-api.ts";
import { sendJson, sendStatus, startFaultyApi } from "./testing/faulty-api.ts";
import { openTestApi } from "./testing/test-api.ts";
import { callWithWarnings, testCall } from "./testing/test-call.ts";

describe.skipIf(missingServers("kube-apiserver"))("fetchOpenApi on a real API server", () => {
  it("gives the index, and every document under its path without the hash", async () => {
    const server = await servers.kubeApi();
    const { api } = openTestApi({ kubeconfig: server.kubeconfig });
    const { index, documents } = await fetchOpenApi(api, testCall);
    const listed = Object.keys(JSON.parse(index.toString("utf8")).paths);
    const paths: string[] = [];
    for await (const { path, body } of documents) {
      paths.push(path);
      expect(JSON.parse(body.toString("utf8"))).toMatchObject({ openapi: "3.0.0" });
    }
    expect(paths).toEqual(listed.map((path) => `/openapi/v3/${path}`));
    expect(paths).toContain("/openapi/v3/apis/apps/v1");
  });
});

describe("fetchOpenApi", () => {
  const index = {
    paths: { a: { serverRelativeURL: "/openapi/v3/a?hash=1" }, b: { serverRelativeURL: "/openapi/v3/b?hash=2" } },
  };

  it("fetches a document when the iteration comes to it, and leaves out one that is not to be had", async () => {
    const { kubeconfig, asked } = await startFaultyApi(({ path }, response) => {
      if (path === "/openapi/v3") return sendJson(response, 200, index);
      if (path === "/openapi/v3/a") return sendStatus(response, 404, { reason: "NotFound" });
      sendJson(response, 200, '{"openapi":"3.0.0"}');
    });
    const { call, warnings } = callWithWarnings();
    const { documents } = await fetchOpenApi(openTestApi({ kubeconfig }).api, call);
    expect(asked).toHaveLength(1);
    const found: string[] = [];
    for await (const { path, body } of documents) found.push(`${path} ${body}`);
    expect(found).toEqual(['/openapi/v3/b {"openapi":"3.0.0"}']);
    expect(warnings).toEqual(["OpenAPI document is left out"]);
    expect(asked[1]?.query.get("hash")).toBe("1");
  });

  it("takes a document as it is now when the server no longer has the one of the index", async () => {
    const { kubeconfig } = await startFaultyApi(({ path, query }, response) => {
      if (path === "/openapi/v3") return sendJson(response, 200, { paths: { b: index.paths.b } });
      if (!query.has("hash")) return sendJson(response, 200, '{"openapi":"3.0.0"}');
      response.writeHead(301, { location: "/openapi/v3/b?hash=3" }).end();
    });
    const { documents } = await fetchOpenApi(openTestApi({ kubeconfig }).api, testCall);
    const found: string[] = [];
    for await (const { path, body } of documents) found.push(`${path} ${body}`);
    expect(found).toEqual(['/openapi/v3/b {"openapi":"3.0.0"}']);
  });

  it("is empty on a server without OpenAPI v3", async () => {
    const { kubeconfig } = await startFaultyApi((_, response) => sendStatus(response, 404, { reason: "NotFound" }));
    const openApi = await fetchOpenApi(openTestApi({ kubeconfig }).api, testCall);
    expect(openApi.index.toString()).toBe('{"paths":{}}');
    for await (const document of openApi.documents) expect.fail(document.path);
  });

  it("refuses an index that leads elsewhere", async () => {
    const { kubeconfig } = await startFaultyApi((_, response) =>
      sendJson(response, 200, { paths: { a: { serverRelativeURL: "/api/v1/secrets" } } }),
    );
    await expect(fetchOpenApi(openTestApi({ kubeconfig }).api, testCall)).rejects.toThrow(
      "the answer is no OpenAPI index",
    );
  });
});
