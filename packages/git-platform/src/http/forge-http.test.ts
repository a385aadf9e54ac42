import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { type Call, type LogFields, silentLog } from "@kubeferry/model";
import { afterEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { PlatformError } from "../platform-error.ts";
import { createForgeHttp, type ForgeHttp, type ForgeHttpOptions } from "./forge-http.ts";

const TOKEN = "ghp_thisMustNeverBeSeen";
const call: Call = { signal: new AbortController().signal, log: silentLog };
const GET = { method: "GET", path: "/thing", operation: "get thing", answer: z.object({ id: z.number() }) } as const;
const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

type Handler = (request: IncomingMessage, response: ServerResponse, number: number) => void;

async function host(handler: Handler): Promise<{ url: string; seen: string[]; server: Server }> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    request.resume().on("end", () => handler(request, response, seen.length));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, server };
}

function client(url: string, more: Partial<ForgeHttpOptions> = {}): { http: ForgeHttp; waits: number[] } {
  const waits: number[] = [];
  const sleep = async (ms: number) => void waits.push(ms);
  const http = createForgeHttp({
    who: "forge",
    apiUrl: `${url}/api`,
    authorize: () => ({ authorization: `token ${TOKEN}` }),
    ...more,
    repeating: { sleep, random: () => 1, ...more.repeating },
  });
  cleanups.push(() => http.close());
  return { http, waits };
}

function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

async function failureOf(attempt: Promise<unknown>): Promise<PlatformError> {
  const error: unknown = await attempt.then(
    () => new Error("no error"),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof PlatformError)) throw error;
  return error;
}

describe("the HTTP client of Git hosts", () => {
  it("sends the credential, a user agent and JSON, and reads the answer into our own type", async () => {
    const headers: unknown[] = [];
    const { url } = await host((request, response) => {
      const { authorization, accept, "user-agent": agent, "content-type": type } = request.headers;
      headers.push({ url: request.url, authorization, accept, agent, type });
      json(response, 201, { id: 7, other: "ignored" });
    });
    const request = { ...GET, method: "POST", query: { a: "x y", b: undefined, c: 1 }, body: { t: "ü" } } as const;
    expect(await client(url).http.json(request, call)).toEqual({ id: 7 });
    expect(headers).toEqual([
      {
        url: "/api/thing?a=x+y&c=1",
        authorization: `token ${TOKEN}`,
        accept: "application/json",
        agent: "kubeferry",
        type: "application/json",
      },
    ]);
  });

  it("waits as long as Retry-After says after 429, and asks again", async () => {
    const { url, seen } = await host((_request, response, number) =>
      number === 1 ? json(response, 429, {}, { "retry-after": "7" }) : json(response, 200, { id: 1 }),
    );
    const { http, waits } = client(url);
    expect(await http.json(GET, call)).toEqual({ id: 1 });
    expect(waits).toEqual([7_000]);
    expect(seen).toHaveLength(2);
  });

  it("reads Retry-After as a date, and the reset time of an exhausted limit behind a 403", async () => {
    const now = () => Date.parse("2026-01-01T00:00:00Z");
    const { url } = await host((_request, response, number) => {
      if (number === 1) return json(response, 503, {}, { "retry-after": "Thu, 01 Jan 2026 00:00:20 GMT" });
      const reset = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(now() / 1000 + 30) };
      return number === 2 ? json(response, 403, {}, reset) : json(response, 200, { id: 1 });
    });
    const { http, waits } = client(url, { repeating: { now } });
    await http.json(GET, call);
    expect(waits).toEqual([20_000, 30_000]);
  });

  it("does not wait for a host that wants more than a minute, and says how long it would be", async () => {
    const { url, seen } = await host((_request, response) => json(response, 429, {}, { "retry-after": "3600" }));
    const { http, waits } = client(url);
    const error = await failureOf(http.json(GET, call));
    expect(error).toMatchObject({ kind: "rate-limited", retryAfterMs: 3_600_000 });
    expect(error.message).toBe(
      "forge: get thing: rate-limited: the host's limit of requests is used up; run again in 3600 s",
    );
    expect([seen.length, waits]).toEqual([1, []]);
  });

  it("tries three times with growing waits when a gateway has no server, then says unavailable", async () => {
    const { url, seen } = await host((_request, response) => json(response, 502, {}));
    const { http, waits } = client(url);
    expect(await failureOf(http.json(GET, call))).toMatchObject({ kind: "unavailable" });
    expect([seen.length, waits]).toEqual([3, [1_000, 2_000]]);
  });

  it.each(["POST", "PATCH"] as const)(
    "never sends a %s twice: not after 429, 503 or a cut connection",
    async (method) => {
      const { url, seen } = await host((_request, response, number) => {
        if (number === 1) return json(response, 429, {}, { "retry-after": "0" });
        if (number === 2) return json(response, 503, {});
        return response.destroy();
      });
      const { http } = client(url);
      const request = { ...GET, method, body: {} };
      expect((await failureOf(http.json(request, call))).kind).toBe("rate-limited");
      expect((await failureOf(http.json(request, call))).kind).toBe("unavailable");
      expect((await failureOf(http.json(request, call))).kind).toBe("unavailable");
      expect(seen).toHaveLength(3);
    },
  );

  it("sends each POST over a connection of its own, since a kept one may be dead by then", async () => {
    const ports = { POST: new Set<number>(), GET: new Set<number>() };
    const { url } = await host((request, response) => {
      ports[request.method as "POST" | "GET"].add(request.socket.remotePort ?? 0);
      json(response, 200, { id: 1 });
    });
    const { http } = client(url);
    for (let round = 0; round < 3; round += 1) {
      await http.json({ ...GET, method: "POST", body: {} }, call);
      await http.json(GET, call);
    }
    expect([ports.POST.size, ports.GET.size]).toEqual([3, 1]);
  });

  it("gives up on a body that does not end, and repeats a GET whose connection was cut", async () => {
    const { url, seen } = await host((_request, response, number) => {
      if (number === 1) return response.destroy();
      response.writeHead(200, { "content-type": "application/json" }).write('{"id":');
    });
    const { http } = client(url, { timeoutMs: 300, repeating: { tries: 2 } });
    const error = await failureOf(http.json(GET, call));
    expect(error.kind).toBe("unavailable");
    expect(error.message).toContain("no whole answer from http://127.0.0.1:");
    expect(error.message).toContain("within 0.3 s");
    expect(seen).toHaveLength(2);
  });

  it("asks for the address to be checked where nobody is there, and not to run again", async () => {
    const { http } = client("http://127.0.0.1:1", { repeating: { tries: 1 } });
    expect((await failureOf(http.json(GET, call))).message).toMatch(
      /unavailable: no whole answer from http:\/\/127\.0\.0\.1:1 \(ECONNREFUSED\); check repository\.url, and that the host runs/,
    );
  });

  it("stops with the signal's reason while it waits for an answer or for the next try", async () => {
    const { url } = await host((request, response) => {
      if (request.url === "/api/busy") json(response, 503, {}, { "retry-after": "50" });
    });
    const { http } = client(url, {
      repeating: { sleep: (_ms, signal) => new Promise((_, no) => signal.addEventListener("abort", no)) },
    });
    for (const path of ["/silent", "/busy"]) {
      const controller = new AbortController();
      const asked = http.json({ ...GET, path }, { ...call, signal: controller.signal });
      setTimeout(() => controller.abort(new Error("stopped by the test")), 100);
      await expect(asked).rejects.toThrow("stopped by the test");
    }
  });
});

describe("an answer", () => {
  it.each([
    [401, "denied"],
    [403, "denied"],
    [404, "not-found"],
    [409, "conflict"],
    [410, "not-found"],
    [412, "conflict"],
    [400, "invalid"],
    [422, "invalid"],
    [423, "denied"],
    [405, "invalid"],
    [500, "unavailable"],
    [301, "invalid"],
    [203, "denied"],
  ] as const)("of status %i means %s", async (status, kind) => {
    const { url } = await host((_request, response) => json(response, status, { message: "x" }));
    expect((await failureOf(client(url, { repeating: { tries: 1 } }).http.json(GET, call))).kind).toBe(kind);
  });

  it("that redirects names the other origin and is not followed", async () => {
    const other = await host((_request, response) => json(response, 200, { id: 1 }));
    const { url } = await host((_request, response) =>
      json(response, 302, {}, { location: `${other.url}/in?secret=1` }),
    );
    const error = await failureOf(client(url).http.json(GET, call));
    expect(error.message).toContain(`sends on to ${other.url}, where the token is not sent`);
    expect(error.message).not.toContain("secret");
    expect(other.seen).toEqual([]);
  });

  it.each([
    ["an HTML page", "text/html", "<html>Sign in</html>", "the answer is text/html and not JSON"],
    ["cut JSON", "application/json", '{"id":', "the answer is broken JSON"],
    ["other JSON", "application/json", '{"id":"seven"}', "the answer has not the expected form at id"],
    ["nothing", "application/json", "", "the answer is broken JSON"],
  ])("that is %s is invalid, and its content is not repeated", async (_what, type, text, problem) => {
    const { url } = await host((_request, response) => response.writeHead(200, { "content-type": type }).end(text));
    const error = await failureOf(client(url).http.json(GET, call));
    expect(error).toMatchObject({ kind: "invalid", message: expect.stringContaining(problem) });
    expect(error.message).not.toMatch(/Sign in|seven/);
  });

  it("never brings the token into an error or a log line, even when the host sends it back", async () => {
    const echo = { "www-authenticate": `token ${TOKEN}`, location: `http://x.example/${TOKEN}` };
    const statuses = [200, 203, 301, 400, 401, 403, 404, 409, 422, 429, 500, 503];
    const { url } = await host((_request, response, number) => {
      const status = statuses[number - 1];
      if (status === undefined) response.destroy();
      else json(response, status, { message: `your token ${TOKEN}`, id: TOKEN }, echo);
    });
    const lines: unknown[] = [];
    const keep = (message: string, fields?: LogFields) => void lines.push({ message, fields });
    const logged = { ...call, log: { debug: keep, info: keep, warn: keep, error: keep } };
    const { http } = client(url, { repeating: { tries: 1 } });
    for (const status of [...statuses, "cut"]) {
      const error = await failureOf(http.json(GET, logged));
      const shown = [inspect(error, { depth: 20, showHidden: true }), error.stack, JSON.stringify(error)].join("\n");
      expect({ status, leaks: shown.includes(TOKEN) }).toEqual({ status, leaks: false });
    }
    expect(lines.length).toBeGreaterThan(10);
    expect(inspect([lines, http], { depth: 20, showHidden: true })).not.toContain(TOKEN);
  });

  it("tells a token that no header can hold from a host that is away", async () => {
    const { url } = await host((_request, response) => json(response, 200, { id: 1 }));
    const { http } = client(url, { authorize: () => ({ authorization: `token ${TOKEN}\nx` }) });
    const error = await failureOf(http.json(GET, call));
    expect(error.message).toBe(
      "forge: get thing: invalid: the token holds a character that no HTTP header can; check repository.token",
    );
    expect(inspect(error, { depth: 20 })).not.toContain(TOKEN);
  });
});

describe("a list", () => {
  const LIST = { path: "/things", item: z.object({ id: z.number() }), operation: "list things" } as const;

  async function ids(http: ForgeHttp, paging: "link" | "number"): Promise<number[]> {
    const found: number[] = [];
    for await (const { id } of http.pages({ ...LIST, query: { state: "open" }, paging }, call)) found.push(id);
    return found;
  }

  it("follows the links to the next page until there is none", async () => {
    const { url, seen } = await host((request, response) => {
      const last = request.url?.includes("cursor=b") ?? false;
      const link = `<${url}/api/things?state=open&cursor=b>; rel="next", <${url}/api/things>; rel="first"`;
      json(response, 200, last ? [{ id: 3 }] : [{ id: 1 }, { id: 2 }], last ? {} : { link });
    });
    expect(await ids(client(url).http, "link")).toEqual([1, 2, 3]);
    expect(seen).toEqual(["GET /api/things?state=open", "GET /api/things?state=open&cursor=b"]);
  });

  it("is refused when the next page lies on another host, which is sent nothing", async () => {
    const other = await host((_request, response) => json(response, 200, []));
    const { url } = await host((_request, response) =>
      json(response, 200, [{ id: 1 }], { link: `<${other.url}/api/things?page=2>; rel=next` }),
    );
    const error = await failureOf(ids(client(url).http, "link"));
    expect(error).toMatchObject({
      kind: "invalid",
      message: expect.stringContaining("the next page lies on another host"),
    });
    expect(other.seen).toEqual([]);
  });

  it("counts pages where links lead to the host's public address", async () => {
    const { url, seen } = await host((_request, response, number) => {
      const link = '<https://public.example/api/things?page=2>; rel="next"';
      json(
        response,
        200,
        [{ id: number }],
        number === 1 ? { link } : { link: '<https://public.example/>; rel="prev"' },
      );
    });
    expect(await ids(client(url).http, "number")).toEqual([1, 2]);
    expect(seen).toEqual(["GET /api/things?state=open&page=1", "GET /api/things?state=open&page=2"]);
  });

  it("ends at the first empty page of a host that sends no links", async () => {
    const { url } = await host((_request, response, number) => json(response, 200, number < 3 ? [{ id: number }] : []));
    expect(await ids(client(url).http, "number")).toEqual([1, 2]);
  });

  it("asks for no page that nobody reads", async () => {
    const { url, seen } = await host((_request, response) => json(response, 200, [{ id: 1 }, { id: 2 }]));
    for await (const { id } of client(url).http.pages({ ...LIST, paging: "number" }, call)) if (id === 2) break;
    expect(seen).toHaveLength(1);
  });

  it("of a host that goes in circles is left", async () => {
    const { url } = await host((_request, response) =>
      json(response, 200, [], { link: `<${url}/api/things>; rel=next` }),
    );
    expect((await failureOf(ids(client(url).http, "link"))).message).toContain("more than 1000 pages");
  });
});

describe("reaching a host", () => {
  it("goes through the proxy that the environment names", async () => {
    const proxy = await host((_request, response) => json(response, 200, { id: 9 }));
    vi.stubEnv("HTTP_PROXY", proxy.url);
    vi.stubEnv("http_proxy", proxy.url);
    vi.stubEnv("NO_PROXY", "");
    vi.stubEnv("no_proxy", "");
    const { http } = client("http://git.example.invalid");
    expect(await http.json(GET, call)).toEqual({ id: 9 });
    expect(proxy.seen).toEqual(["GET http://git.example.invalid/api/thing"]);
  });

  it("gives up on a proxy that opens no tunnel", async () => {
    const proxy = await host(() => undefined);
    const knocks = { count: 0 };
    proxy.server.on("connection", () => {
      knocks.count += 1;
    });
    for (const name of ["HTTPS_PROXY", "https_proxy"]) vi.stubEnv(name, proxy.url);
    for (const name of ["NO_PROXY", "no_proxy"]) vi.stubEnv(name, "");
    const { http } = client("https://git.example.invalid", { timeoutMs: 300 });
    expect((await failureOf(http.json(GET, call))).kind).toBe("unavailable");
    await new Promise((resolve) => setTimeout(resolve, 100)); // the last one may still be on its way
    const after = knocks.count;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(knocks.count).toBe(after);
  });

  it.each([
    "ftp://git.example.com/api",
    "https://user:pass@git.example.com/api",
    "git.example.com",
    "https://h/api?x=1",
  ])("refuses %s as an address of an API, without repeating a password", (apiUrl) => {
    const open = () => createForgeHttp({ who: "forge", apiUrl, authorize: () => ({}) });
    expect(open).toThrow(/read repository\.apiUrl: invalid/);
    expect(open).not.toThrow(/pass@/);
  });
});
