import type { ServerResponse } from "node:http";
import type { ResourceType } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import type { KubeApi } from "../kube-api.ts";
import { configMapPage, sendJson, startFaultyApi } from "../testing/faulty-api.ts";
import { openTestApi } from "../testing/test-api.ts";
import { testCall } from "../testing/test-call.ts";
import { listSorted } from "./list-sorted.ts";
import { limitedPage } from "./page-limits.ts";

const configMaps: ResourceType = {
  group: "",
  version: "v1",
  resource: "configmaps",
  kind: "ConfigMap",
  namespaced: true,
  verbs: ["list"],
};

describe("a list that never ends", () => {
  it("ends when its pages are all empty, each with a new token", async () => {
    const { kubeconfig, asked } = await startFaultyApi((_, response, number) =>
      sendJson(response, 200, configMapPage([], `token-${number}`)),
    );
    await expect(count(openTestApi({ kubeconfig }).api)).rejects.toThrow(
      "kube: list configmaps: invalid: the server gives page after page without objects",
    );
    expect(asked).toHaveLength(101);
  });

  it("ends when the same objects come round and round, in any order", async () => {
    const names = Array.from({ length: 2_000 }, (_, index) => `n-${index}`);
    const { kubeconfig } = await startFaultyApi((_, response, number) =>
      sendJson(response, 200, configMapPage(names, `token-${number}`)),
    );
    const { api } = openTestApi({ kubeconfig });
    const listing = listSorted(api, configMaps, { pageSize: 500 }, testCall);
    await expect(listing[Symbol.asyncIterator]().next()).rejects.toThrow(
      "invalid: the server sends the same objects again and again",
    );
  });

  it("ends when one object has no end", async () => {
    const { kubeconfig } = await startFaultyApi((_, response) => {
      response.writeHead(200).write('{"metadata":{},"items":[{"metadata":{"name":"a"},"data":{"x":"');
      sendForEver(response, "x".repeat(1024 * 1024));
    });
    await expect(count(openTestApi({ kubeconfig }).api)).rejects.toThrow("an object is larger than 67108864 bytes");
  });

  it("ends when its white space has no end", async () => {
    const body = (async function* () {
      for (;;) yield Buffer.alloc(1_000, " ");
    })();
    const clock = { operation: "list pods", now: () => 0 };
    const pages = limitedPage(body, { bytes: 10_000, waitMs: 60_000 }, clock);
    await expect(drain(pages)).rejects.toThrow(
      "kube: list pods: invalid: the page has more than 10000 bytes and no end; look at the server of this API group",
    );
  });

  it("ends when it comes byte by byte, though no pause is long enough for a timeout", async () => {
    let now = 0;
    const body = (async function* () {
      for (;;) {
        now += 30_000;
        yield Buffer.from(" ");
      }
    })();
    const pages = limitedPage(body, { bytes: 10_000, waitMs: 600_000 }, { operation: "list pods", now: () => now });
    await expect(drain(pages)).rejects.toThrow("unavailable: the page has been on its way for 10 minutes");
  });
});

it("a consumer that takes its time is not the server's fault", async () => {
  let now = 0;
  const body = (async function* () {
    for (let chunk = 0; chunk < 10; chunk++) yield Buffer.from(" ");
  })();
  for await (const _ of limitedPage(body, { bytes: 100, waitMs: 1_000 }, { operation: "list", now: () => now })) {
    now += 60_000;
  }
  expect(now).toBe(600_000);
});

function sendForEver(response: ServerResponse, chunk: string): void {
  const more = () => {
    while (!response.destroyed && response.write(chunk));
    if (!response.destroyed) response.once("drain", more);
  };
  more();
}

async function count(api: KubeApi): Promise<number> {
  let objects = 0;
  for await (const _ of api.list(configMaps, { pageSize: 500 }, testCall)) objects++;
  return objects;
}

async function drain(bytes: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of bytes);
}
