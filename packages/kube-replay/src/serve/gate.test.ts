import { request } from "node:http";
import { afterAll, beforeAll, expect, it } from "vitest";
import { fetchTrusting } from "../testing/fetch-trusting.ts";
import { makeSnapshot, testCall, typeOf } from "../testing/make-snapshot.ts";
import { type ReplayServer, serveSnapshot } from "./replay-server.ts";

let open: ReplayServer;
let closed: ReplayServer;
beforeAll(async () => {
  const snapshot = await makeSnapshot([[{ type: typeOf("namespaces", "Namespace", false), objects: [] }]]);
  open = await serveSnapshot(snapshot, { port: 0, access: "anyone" }, testCall);
  closed = await serveSnapshot(snapshot, { port: 0 }, testCall);
});
afterAll(async () => {
  await open.close();
  await closed.close();
});

it.each([
  ["nothing", undefined, 401],
  ["another token", "Bearer not-the-token", 401],
  ["an empty one", "Bearer ", 401],
  ["a password", "Basic YTpi", 401],
])("refuses whoever shows %s, with a Status", async (_what, authorization, code) => {
  const answer = await fetchTrusting(closed, "/api/v1/namespaces", authorization);
  expect(answer.status).toBe(code);
  expect(JSON.parse(answer.body)).toMatchObject({ kind: "Status", code, reason: "Unauthorized" });
});

it("answers whoever shows the token, over the certificate of the kubeconfig", async () => {
  const token = closed.context.token?.reveal();
  expect((await fetchTrusting(closed, "/api/v1/namespaces", `Bearer ${token}`)).status).toBe(200);
  expect(closed.kubeconfig).toContain(String(token));
});

it("says that it is alive to everybody", async () => {
  expect((await fetchTrusting(closed, "/readyz", undefined)).status).toBe(200);
});

it.each([
  ["evil.example.com", 403],
  ["evil.example.com:PORT", 403],
  ["localhost.evil.example.com:PORT", 403],
  ["127.0.0.1.evil.example.com", 403],
  ["localhost:PORT", 200],
  ["127.0.0.1:PORT", 200],
])("as %s answers %i: a web page whose name leads here reads nothing", async (host, code) => {
  const { port } = new URL(open.url);
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const headers = { host: host.replace("PORT", port) };
    request(`${open.url}/api/v1/namespaces`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .once("error", reject)
      .end();
  });
  expect(status).toBe(code);
});
