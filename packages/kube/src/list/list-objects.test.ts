import { gzipSync } from "node:zlib";
import type { Call, ResourceType } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import type { KubeApi, ListEnd, ListRequest } from "../kube-api.ts";
import { KubeError } from "../kube-error.ts";
import { configMapPage, sendJson, sendStatus, startFaultyApi } from "../testing/faulty-api.ts";
import { openTestApi } from "../testing/test-api.ts";
import { callWithWarnings, testCall } from "../testing/test-call.ts";
import { listSorted } from "./list-sorted.ts";

const configMaps: ResourceType = {
  group: "",
  version: "v1",
  resource: "configmaps",
  kind: "ConfigMap",
  namespaced: true,
  verbs: ["list"],
};
const widgets: ResourceType = { ...configMaps, group: "example.com", resource: "widgets", kind: "Widget" };

describe("a list whose continue token has expired", () => {
  const expiredAfterFirstPage = (token: string | undefined) =>
    startFaultyApi(({ query }, response) => {
      if (query.get("continue") === null) return sendJson(response, 200, configMapPage(["a", "b"], "old"));
      if (query.get("continue") === "newer") return sendJson(response, 200, configMapPage(["c"], "", "200"));
      const parts = { reason: "Expired", message: "The provided continue parameter is too old" };
      sendStatus(response, 410, token === undefined ? parts : { ...parts, continue: token });
    });

  it("goes on with the token of the error and says that it is not of one moment", async () => {
    const { kubeconfig } = await expiredAfterFirstPage("newer");
    const { call, warnings } = callWithWarnings();
    const { keys, end } = await readAll(openTestApi({ kubeconfig }).api, { call });
    expect(keys).toEqual(["shop/a", "shop/b", "shop/c"]);
    expect(end).toEqual({ resourceVersion: "200", consistent: false, pages: 2, objects: 3 });
    expect(warnings).toEqual(["list goes on from a later revision"]);
  });

  it("is not of one moment either when the server names no revisions", async () => {
    const { kubeconfig } = await startFaultyApi(({ query }, response) => {
      if (query.get("continue") === null) return sendJson(response, 200, configMapPage(["a"], "old", ""));
      if (query.get("continue") === "newer") return sendJson(response, 200, configMapPage(["b"], "", ""));
      sendStatus(response, 410, { reason: "Expired", continue: "newer" });
    });
    const { end } = await readAll(openTestApi({ kubeconfig }).api);
    expect(end).toEqual({ resourceVersion: "", consistent: false, pages: 2, objects: 2 });
  });

  it("is to be listed again when the caller is strict", async () => {
    const { kubeconfig } = await expiredAfterFirstPage("newer");
    const list = readAll(openTestApi({ kubeconfig }).api, { request: { strict: true } });
    await expect(list).rejects.toMatchObject({ kind: "expired" });
  });

  it("is to be listed again when the error carries no token", async () => {
    const { kubeconfig } = await expiredAfterFirstPage(undefined);
    await expect(readAll(openTestApi({ kubeconfig }).api)).rejects.toThrow(
      "kube: list configmaps: expired: the server answered 410 (Expired: The provided continue parameter is too old); list again from the start",
    );
  });

  it("is given up when the new token has expired as well and nothing came in between", async () => {
    const { kubeconfig, asked } = await expiredAfterFirstPage("older still");
    await expect(readAll(openTestApi({ kubeconfig }).api)).rejects.toMatchObject({ kind: "expired" });
    expect(asked).toHaveLength(3);
  });
});

describe("a server that has too much to do", () => {
  it("is left alone for as long as it asks, then asked again", async () => {
    const { kubeconfig } = await startFaultyApi((_, response, number) => {
      if (number > 2) return sendJson(response, 200, configMapPage(["a"]));
      sendStatus(response, 429, { reason: "TooManyRequests" }, { "retry-after": number === 1 ? "7" : "3" });
    });
    const { api, waits } = openTestApi({ kubeconfig });
    expect((await readAll(api)).keys).toEqual(["shop/a"]);
    expect(waits).toEqual([7_000, 3_000]);
  });

  it("is given up after the configured tries", async () => {
    const { kubeconfig, asked } = await startFaultyApi((_, response) =>
      sendStatus(response, 429, { reason: "TooManyRequests" }, { "retry-after": "1" }),
    );
    const list = readAll(openTestApi({ kubeconfig }).api);
    await expect(list).rejects.toMatchObject({ kind: "rate-limited", retryAfterMs: 1_000 });
    expect(asked).toHaveLength(3);
  });

  it("is not waited for when it asks for more than a minute", async () => {
    const { kubeconfig, asked } = await startFaultyApi((_, response) =>
      sendStatus(response, 503, { reason: "ServiceUnavailable" }, { "retry-after": "3600" }),
    );
    const list = readAll(openTestApi({ kubeconfig }).api);
    await expect(list).rejects.toMatchObject({ kind: "unavailable", retryAfterMs: 3_600_000 });
    expect(asked).toHaveLength(1);
  });

  it("is asked again after 503 without a time, with waits that double", async () => {
    const { kubeconfig } = await startFaultyApi((_, response, number) => {
      if (number > 2) return sendJson(response, 200, configMapPage(["a"]));
      sendJson(response, 503, "<html>bad gateway</html>");
    });
    const { api, waits } = openTestApi({ kubeconfig });
    expect((await readAll(api)).keys).toEqual(["shop/a"]);
    expect(waits).toEqual([500, 1_000]);
  });

  it("does not have its page of HTML quoted in the error", async () => {
    const { kubeconfig } = await startFaultyApi((_, response) => sendJson(response, 502, "<html>token=abc</html>"));
    await expect(readAll(openTestApi({ kubeconfig }).api)).rejects.toThrow(
      /^kube: list configmaps: unavailable: the server answered 502; run again when [^<]*$/,
    );
  });
});

describe("a body that breaks off", () => {
  it("is asked for again at the same page, and nothing is handed on twice", async () => {
    const { kubeconfig, asked } = await startFaultyApi(({ query }, response, number) => {
      if (query.get("continue") === null) return sendJson(response, 200, configMapPage(["a", "b"], "next"));
      const page = configMapPage(["c", "d", "e"]);
      if (number > 2) return sendJson(response, 200, page);
      cutAfter(response, page, page.indexOf('{"metadata":{"name":"e"'));
    });
    const { keys, end } = await readAll(openTestApi({ kubeconfig }).api);
    expect(keys).toEqual(["shop/a", "shop/b", "shop/c", "shop/d", "shop/e"]);
    expect(end).toEqual({ resourceVersion: "100", consistent: true, pages: 2, objects: 5 });
    expect(asked.map(({ query }) => query.get("continue"))).toEqual([null, "next", "next"]);
  });

  it("in the first page is asked for again at the revision of what was handed on", async () => {
    const { kubeconfig, asked } = await startFaultyApi((_, response, number) => {
      const page = configMapPage(["a", "b", "c"]);
      if (number > 1) return sendJson(response, 200, page);
      cutAfter(response, page, page.indexOf('{"metadata":{"name":"c"'));
    });
    const { keys, end } = await readAll(openTestApi({ kubeconfig }).api);
    expect(keys).toEqual(["shop/a", "shop/b", "shop/c"]);
    expect(end.consistent).toBe(true);
    expect(asked[1]?.query.toString()).toBe("limit=500&resourceVersion=100&resourceVersionMatch=Exact");
  });

  const firstPageOfWidgetsBreaks = () =>
    startFaultyApi((_, response, number) => {
      const page = widgetPage(["a", "b"]);
      if (number > 1) return sendJson(response, 200, page);
      cutAfter(response, page, page.indexOf('{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"b"'));
    });

  it("in the first page of custom resources, whose revision comes last, makes the list inconsistent", async () => {
    const { kubeconfig } = await firstPageOfWidgetsBreaks();
    const { keys, end } = await readAll(openTestApi({ kubeconfig }).api, { type: widgets });
    expect({ keys, consistent: end.consistent }).toEqual({ keys: ["shop/a", "shop/b"], consistent: false });
  });

  it("there is to be listed again when the caller is strict", async () => {
    const { kubeconfig } = await firstPageOfWidgetsBreaks();
    const list = readAll(openTestApi({ kubeconfig }).api, { type: widgets, request: { strict: true } });
    await expect(list).rejects.toMatchObject({ kind: "expired" });
  });

  it("is an error when it keeps breaking off, also when the connection ends in good order", async () => {
    const { kubeconfig, asked } = await startFaultyApi((_, response) => {
      sendJson(response, 200, configMapPage(["a", "b"]).slice(0, -20));
    });
    const list = readAll(openTestApi({ kubeconfig }).api);
    await expect(list).rejects.toThrow("kube: list configmaps: unavailable: the answer ended before the list did");
    expect(asked).toHaveLength(3);
  });

  it("is an error when it was compressed", async () => {
    const { kubeconfig } = await startFaultyApi((_, response) => {
      const packed = gzipSync(configMapPage(["a", "b"]));
      response.writeHead(200, { "content-encoding": "gzip" }).end(packed.subarray(0, packed.length - 12));
    });
    await expect(readAll(openTestApi({ kubeconfig }).api)).rejects.toMatchObject({ kind: "unavailable" });
  });
});

describe("a compressed body", () => {
  it("is asked for and inflated", async () => {
    const { kubeconfig, asked } = await startFaultyApi((_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(configMapPage(["a", "b"])));
    });
    expect((await readAll(openTestApi({ kubeconfig }).api)).keys).toEqual(["shop/a", "shop/b"]);
    expect(asked[0]?.headers["accept-encoding"]).toBe("gzip");
  });

  it("that is none is an error which no further try changes", async () => {
    const { kubeconfig, asked } = await startFaultyApi((_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(configMapPage(["a"]));
    });
    await expect(readAll(openTestApi({ kubeconfig }).api)).rejects.toThrow(
      "kube: list configmaps: invalid: the answer calls itself gzip and is not",
    );
    expect(asked).toHaveLength(1);
  });
});

describe("items out of order", () => {
  it.each([
    ["a later one first", ["b", "a"]],
    ["one twice", ["a", "a"]],
  ])("are told to the caller: %s", async (_, names) => {
    const { kubeconfig } = await startFaultyApi((_request, response) => sendJson(response, 200, configMapPage(names)));
    await expect(readAll(openTestApi({ kubeconfig }).api)).rejects.toThrow(
      "kube: list configmaps: unordered: the server sent items twice or out of key order; list configmaps again and sort it in memory",
    );
  });

  it("are told also when the second page begins before the first ended", async () => {
    const { kubeconfig } = await startFaultyApi(({ query }, response) => {
      const first = query.get("continue") === null;
      sendJson(response, 200, first ? configMapPage(["a", "c"], "next") : configMapPage(["b"]));
    });
    await expect(readAll(openTestApi({ kubeconfig }).api)).rejects.toMatchObject({ kind: "unordered" });
  });

  it("are put right by listSorted, of duplicates the last", async () => {
    const { kubeconfig } = await startFaultyApi((_, response) => {
      const named = (name: string, resourceVersion: string) => ({
        metadata: { name, namespace: "shop", uid: name, resourceVersion },
      });
      const items = [named("c", "1"), named("a", "2"), named("\u{1f600}", "3"), named("\ue000", "4"), named("a", "5")];
      sendJson(response, 200, { metadata: { resourceVersion: "9" }, items });
    });
    const { api } = openTestApi({ kubeconfig });
    const listing = listSorted(api, configMaps, { pageSize: 500 }, testCall);
    const found: string[] = [];
    for await (const { key, resourceVersion } of listing) found.push(`${key}@${resourceVersion}`);
    expect(found).toEqual(["shop/a@5", "shop/c@1", "shop/\ue000@4", "shop/\u{1f600}@3"]);
    expect(listing.end()).toEqual({ resourceVersion: "9", consistent: true, pages: 1, objects: 4 });
  });
});

describe("other lists", () => {
  it("gives items of custom resources as they are, with the head behind them and white space around", async () => {
    const { kubeconfig } = await startFaultyApi((_, response) => {
      const page = JSON.parse(widgetPage(["a"])) as object;
      sendJson(response, 200, JSON.stringify(page, null, 2));
    });
    const { lines, end } = await readAll(openTestApi({ kubeconfig }).api, { type: widgets });
    expect(lines).toEqual([
      '{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"a","namespace":"shop","resourceVersion":"3","uid":"u-a"}}',
    ]);
    expect(end.resourceVersion).toBe("300");
  });

  it("puts kind and apiVersion before an item that lacks them, or the one it lacks", async () => {
    const { kubeconfig } = await startFaultyApi((_, response) => {
      const metadata = (name: string) => `"metadata":{"name":"${name}"}`;
      const items = [
        `{${metadata("a")}}`,
        `{${metadata("b")},"kind":"Widget"}`,
        `{"apiVersion":"example.com/v1",${metadata("c")}}`,
      ];
      sendJson(response, 200, `{"items":[${items.join(",")}],"metadata":{}}`);
    });
    expect((await readAll(openTestApi({ kubeconfig }).api, { type: widgets })).lines).toEqual([
      '{"kind":"Widget","apiVersion":"example.com/v1","metadata":{"name":"a"}}',
      '{"apiVersion":"example.com/v1","metadata":{"name":"b"},"kind":"Widget"}',
      '{"kind":"Widget","apiVersion":"example.com/v1","metadata":{"name":"c"}}',
    ]);
  });

  it("refuses an item whose JSON is broken, without quoting it", async () => {
    const { kubeconfig } = await startFaultyApi((_, response) => {
      sendJson(response, 200, '{"items":[{"metadata":{"name":"a" "password":"hunter2"}}]}');
    });
    const error = await readAll(openTestApi({ kubeconfig }).api).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ kind: "invalid" });
    expect(String(error)).not.toContain("hunter2");
  });

  it("notices pages of two revisions though no token expired", async () => {
    const { kubeconfig } = await startFaultyApi(({ query }, response) => {
      const first = query.get("continue") === null;
      sendJson(response, 200, first ? configMapPage(["a"], "next", "100") : configMapPage(["b"], "", "101"));
    });
    expect((await readAll(openTestApi({ kubeconfig }).api)).end.consistent).toBe(false);
  });

  it("stops at a server that gives the same token for ever", async () => {
    const { kubeconfig } = await startFaultyApi((_, response) => sendJson(response, 200, configMapPage([], "again")));
    await expect(readAll(openTestApi({ kubeconfig }).api)).rejects.toThrow(
      "the server gave the same continue token twice",
    );
  });

  it("stops with the caller's reason, in the middle of a body that never ends", async () => {
    const { kubeconfig } = await startFaultyApi((_, response) => {
      response.writeHead(200).write(configMapPage(["a", "b", "c"]).slice(0, -40));
    });
    const controller = new AbortController();
    const call = { ...testCall, signal: controller.signal };
    const list = async () => {
      for await (const _ of openTestApi({ kubeconfig }).api.list(configMaps, { pageSize: 500 }, call)) {
        controller.abort(new Error("the operator pressed Ctrl-C"));
      }
    };
    await expect(list()).rejects.toThrow("the operator pressed Ctrl-C");
  });

  it("ends the answer when the consumer leaves early", async () => {
    const ended = Promise.withResolvers<void>();
    const { kubeconfig } = await startFaultyApi((_, response) => {
      response.once("close", ended.resolve);
      response.writeHead(200).write(configMapPage(["a", "b", "c"]).slice(0, -40));
    });
    for await (const _ of openTestApi({ kubeconfig }).api.list(configMaps, { pageSize: 500 }, testCall)) break;
    await ended.promise;
  });

  it("gives up on a server that stops sending", async () => {
    const { kubeconfig, asked } = await startFaultyApi((_, response) => {
      response.writeHead(200).write('{"items":[');
    });
    const { api } = openTestApi({ kubeconfig, requestTimeoutMs: 100 });
    await expect(readAll(api)).rejects.toThrow(/unavailable: no whole answer from http:\S+ \(UND_ERR_BODY_TIMEOUT\)/);
    expect(asked).toHaveLength(3);
  });

  it("does not read on while the consumer is at work", async () => {
    let sent = 0;
    const { kubeconfig } = await startFaultyApi((_, response) => {
      response.writeHead(200).write('{"metadata":{},"items":[');
      const more = () => {
        while (sent < 150 && response.write(bigItem(sent++)));
        if (sent < 150) response.once("drain", more);
        else response.end('{"metadata":{"name":"z"}}]}');
      };
      more();
    });
    let sentAtFirst = 0;
    for await (const _ of openTestApi({ kubeconfig }).api.list(configMaps, { pageSize: 500 }, testCall)) {
      if (sentAtFirst > 0) continue;
      await new Promise((resolve) => setTimeout(resolve, 300));
      sentAtFirst = sent;
    }
    expect(sent).toBe(150);
    expect(sentAtFirst).toBeLessThan(110);
  });

  it("is read once, and says how it ended only then", async () => {
    const { kubeconfig } = await startFaultyApi((_, response) => sendJson(response, 200, configMapPage(["a"])));
    const listing = openTestApi({ kubeconfig }).api.list(configMaps, { pageSize: 500 }, testCall);
    expect(() => listing.end()).toThrow("has not been read to its end");
    for await (const _ of listing) expect(() => listing.end()).toThrow("has not been read to its end");
    expect(listing.end().objects).toBe(1);
    await expect(listing[Symbol.asyncIterator]().next()).rejects.toThrow("can be iterated once");
  });

  it("names itself and asks for plain JSON", async () => {
    const { kubeconfig, asked } = await startFaultyApi((_, response) => sendJson(response, 200, configMapPage([])));
    await readAll(openTestApi({ kubeconfig }).api, { request: { pageSize: 50 } });
    expect(asked[0]?.headers).toMatchObject({ "user-agent": "kubeferry/0.1.0", accept: "application/json" });
    expect(asked[0]?.query.toString()).toBe("limit=50");
  });
});

describe("refusals", () => {
  it.each([
    [400, "invalid", "the server answered 400 (BadRequest: continue key is not valid)"],
    [404, "not-found", "the server answered 404 (NotFound: the server could not find the requested resource)"],
    [406, "invalid", "the server answered 406 (NotAcceptable: only the following media types are accepted)"],
  ])("%s becomes %s, once", async (code, kind, problem) => {
    const [, reason = "", message = ""] = /\((\w+): (.*)\)/.exec(problem) ?? [];
    const { kubeconfig, asked } = await startFaultyApi((_, response) =>
      sendStatus(response, code, { reason, message }),
    );
    const error = await readAll(openTestApi({ kubeconfig }).api).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(KubeError);
    expect(error).toMatchObject({ kind, message: expect.stringContaining(problem) });
    expect(asked).toHaveLength(1);
  });

  it("are quoted up to 300 characters and on one line", async () => {
    const message = `first\nsecond${"x".repeat(1_000)}`;
    const { kubeconfig } = await startFaultyApi((_, response) => sendStatus(response, 400, { reason: "Bad", message }));
    const error = await readAll(openTestApi({ kubeconfig }).api).catch((caught: unknown) => caught as Error);
    expect((error as Error).message).toMatch(/\(Bad: first second(x+)…\)$/);
    expect((error as Error).message.length).toBeLessThan(400);
  });
});

interface ReadOptions {
  readonly type?: ResourceType;
  readonly request?: Partial<ListRequest>;
  readonly call?: Call;
}

async function readAll(
  api: KubeApi,
  { type = configMaps, request = {}, call = testCall }: ReadOptions = {},
): Promise<{ keys: string[]; lines: string[]; end: ListEnd }> {
  const listing = api.list(type, { pageSize: 500, ...request }, call);
  const keys: string[] = [];
  const lines: string[] = [];
  for await (const { key, line } of listing) {
    keys.push(key);
    lines.push(line.toString("utf8"));
  }
  return { keys, lines, end: listing.end() };
}

/** As Go writes custom resources: keys sorted, the list's own metadata behind its items. */
function widgetPage(names: readonly string[]): string {
  const items = names.map((name) => ({
    apiVersion: "example.com/v1",
    kind: "Widget",
    metadata: { name, namespace: "shop", resourceVersion: "3", uid: `u-${name}` },
  }));
  return JSON.stringify({
    apiVersion: "example.com/v1",
    items,
    kind: "WidgetList",
    metadata: { resourceVersion: "300" },
  });
}

function bigItem(number: number): string {
  const name = `a-${String(number).padStart(4, "0")}`;
  return `{"metadata":{"name":"${name}"},"data":{"x":"${"x".repeat(100_000)}"}},`;
}

/** Sends the beginning of a body, lets it arrive, then breaks the connection. */
function cutAfter(response: import("node:http").ServerResponse, body: string, length: number): void {
  response.writeHead(200, { "content-length": String(body.length) });
  response.write(body.slice(0, length), () => setTimeout(() => response.destroy(), 50));
}
