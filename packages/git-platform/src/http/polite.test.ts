import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { Secret, silentLog } from "@kubeferry/model";
import { afterEach, expect, it, vi } from "vitest";
import { z } from "zod";
import { createForgeHttp, type ForgeHttpOptions } from "./forge-http.ts";

const call = { signal: new AbortController().signal, log: silentLog };
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of closers.splice(0)) await close();
});

it("asks whether a kept answer is still good, and takes it when the host says so", async () => {
  const compared: (string | undefined)[] = [];
  const text = { now: "one" };
  const { http } = await start((request, response) => {
    compared.push(request.headers["if-none-match"]);
    const etag = `"${text.now}"`;
    if (request.headers["if-none-match"] === etag) return response.writeHead(304, { etag }).end();
    response.writeHead(200, { "content-type": "application/json", etag }).end(JSON.stringify(text.now));
  });
  const read = (path: string) => http.json({ method: "GET", path, answer: z.string(), operation: "read" }, call);
  expect([await read("/a"), await read("/a")]).toEqual(["one", "one"]);
  text.now = "two";
  expect([await read("/a"), await read("/b")]).toEqual(["two", "two"]);
  const other = { method: "GET", path: "/a", query: { page: 2 }, answer: z.string(), operation: "read" } as const;
  expect(await http.json(other, call)).toBe("two");
  expect(compared).toEqual([undefined, '"one"', '"one"', undefined, undefined]);
});

it("reads no more of an answer than 32 MB, and asks for it once", async () => {
  const sent = { requests: 0, bytes: 0 };
  const { http } = await start((_request, response) => {
    sent.requests += 1;
    response.writeHead(200, { "content-type": "application/json" });
    const piece = Buffer.alloc(1024 * 1024, " ");
    const more = () => {
      if (response.destroyed || sent.bytes > 100 * piece.length) return response.end();
      sent.bytes += piece.length;
      return response.write(piece, more);
    };
    more();
  });
  const read = http.json({ method: "GET", path: "/a", answer: z.string(), operation: "read" }, call);
  await expect(read).rejects.toThrow("forge: read: invalid: the answer is longer than 32 MB");
  expect(sent.requests).toBe(1);
  expect(sent.bytes).toBeLessThan(64 * 1024 * 1024);
});

it("finds the page that came to be behind one whose text is still the same", async () => {
  const hosted = { pages: [["a"]] };
  const { http, url } = await start((request, response) => {
    const number = Number(new URL(request.url ?? "", "http://host").searchParams.get("page") ?? 1);
    const items = hosted.pages[number - 1] ?? [];
    const next = `<${url}/list?page=${number + 1}>; rel="next"`;
    const headers = {
      etag: `"${items.join()}"`,
      link: hosted.pages[number] === undefined ? `<${url}>; rel="first"` : next,
    };
    if (request.headers["if-none-match"] === headers.etag) return response.writeHead(304, headers).end();
    response.writeHead(200, { ...headers, "content-type": "application/json" }).end(JSON.stringify(items));
  });
  const list = { path: "/list", item: z.string(), paging: "link", operation: "list" } as const;
  const read = async () => {
    const items: string[] = [];
    for await (const item of http.pages(list, call)) items.push(item);
    return items;
  };
  expect(await read()).toEqual(["a"]);
  hosted.pages.push(["b"]);
  expect(await read()).toEqual(["a", "b"]);
});

it.each([
  ["Retry-After with an answer that is none the less good", { "retry-after": "3" }, 3_000],
  ["nothing that remains of the limit", { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1700000005" }, 5_000],
  ["the same in the other spelling, from now", { "ratelimit-remaining": "0", "ratelimit-reset": "4" }, 4_000],
  ["a request that was held back", { "x-ratelimit-delay": "0.5" }, 500],
  [
    "a limit of which something remains",
    { "x-ratelimit-remaining": "1", "x-ratelimit-reset": "1700000005" },
    undefined,
  ],
  ["a wait that is too long", { "retry-after": "61" }, undefined],
])("waits before the next request after %s", async (_name, headers, waitMs) => {
  const waits: number[] = [];
  const repeating = {
    now: () => 1_700_000_000_000,
    sleep: async (ms: number) => void waits.push(ms),
  };
  const { http } = await start((_request, response) => response.writeHead(204, headers).end(), { repeating });
  await http.done({ method: "POST", path: "/a", operation: "write" }, call);
  expect(waits).toEqual([]);
  await http.done({ method: "POST", path: "/a", operation: "write" }, call);
  expect(waits).toEqual(waitMs === undefined ? [] : [waitMs]);
});

it("goes through the configured proxy whatever the environment exempts, and never shows its password", async () => {
  const asked: unknown[] = [];
  const proxy = await serve((request, response) => {
    asked.push({ url: request.url, credential: request.headers["proxy-authorization"] });
    response.writeHead(502).end();
  });
  const address = proxy.replace("http://", "http://ada:s3cret@");
  const http = client("http://git.example.com/api", { proxy: new Secret(address), repeating: { tries: 1 } });
  const refused = http.done({ method: "GET", path: "/a", operation: "read" }, call);
  await expect(refused).rejects.toMatchObject({ kind: "unavailable", message: expect.not.stringContaining("s3cret") });
  const credential = `Basic ${Buffer.from("ada:s3cret").toString("base64")}`;
  expect(asked).toEqual([{ url: "http://git.example.com/api/a", credential }]);
});

it.each([
  ["with a percent sign that is not written as %25", "http://ada:s3cret%pw@proxy.example.com:3128"],
  ["with a port that there cannot be", "http://ada:s3cret@proxy.example.com:99999"],
  ["that is none", "ada:s3cret@proxy.example.com"],
])("says of a proxy %s which option it is, and never shows its password", (_name, address) => {
  const attempt = () => client("http://git.example.com/api", { proxy: new Secret(address) });
  expect(attempt).toThrow("forge: read repository.proxy: invalid: it is no address of a proxy");
  expect(shownBy(attempt)).not.toContain("s3cret");
});

it("says that the environment names a proxy that is none, and never shows its password", () => {
  vi.stubEnv("https_proxy", undefined);
  vi.stubEnv("HTTPS_PROXY", "http://ada:s3cret%pw@proxy.example.com:3128");
  const attempt = () => client("http://git.example.com/api", {});
  expect(attempt).toThrow(
    "forge: read HTTP_PROXY and HTTPS_PROXY of the environment: invalid: it is no address of a proxy",
  );
  expect(shownBy(attempt)).not.toContain("s3cret");
});

it("reads pages as a host's own way has it: items below a name, the next page named in the answer", async () => {
  const { http, url } = await start((request, response) => {
    const at = new URL(request.url ?? "", "http://host").searchParams.get("start") ?? "0";
    const next = at === "0" ? { next: `${url}/list?start=2` } : {};
    const values = at === "0" ? [1, 2] : [3];
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ values, ...next }));
  });
  const named = async (to: (next: string) => string) => {
    const items: number[] = [];
    const paging = ({ json }: { readonly json: unknown }) => {
      const { next } = z.object({ next: z.string().optional() }).parse(json);
      return next === undefined ? undefined : { path: to(next) };
    };
    const list = { path: "/list", itemsIn: "values", item: z.number(), paging, operation: "list" };
    for await (const item of http.pages(list, call)) items.push(item);
    return items;
  };
  expect(await named((next) => next)).toEqual([1, 2, 3]);
  await expect(named(() => "https://elsewhere.example.com/list")).rejects.toThrow(/lies on another host/);
  const counted: number[] = [];
  const paging = ({ number }: { readonly number: number }) => (number < 2 ? { query: { start: 2 } } : undefined);
  const list = { path: "/list", itemsIn: "values", item: z.number(), paging, operation: "list" };
  for await (const item of http.pages(list, call)) counted.push(item);
  expect(counted).toEqual([1, 2, 3]);
});

/** All that could be seen of what is thrown, also where nothing catches it. */
function shownBy(attempt: () => unknown): string {
  try {
    attempt();
    return "";
  } catch (error) {
    return `${inspect(error, { depth: 20, showHidden: true })}${JSON.stringify(error)}`;
  }
}

async function start(
  handle: (request: IncomingMessage, response: ServerResponse) => unknown,
  options: Partial<ForgeHttpOptions> = {},
) {
  const url = await serve(handle);
  return { url, http: client(url, options) };
}

function client(apiUrl: string, options: Partial<ForgeHttpOptions>) {
  const http = createForgeHttp({ who: "forge", apiUrl, authorize: () => ({}), ...options });
  closers.push(() => http.close());
  return http;
}

async function serve(handle: (request: IncomingMessage, response: ServerResponse) => unknown): Promise<string> {
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
