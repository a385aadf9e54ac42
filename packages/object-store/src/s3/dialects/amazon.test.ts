import http, { type RequestOptions } from "node:http";
import { Secret } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { parseEndpoint } from "../endpoint.ts";
import { amazonDialect } from "./amazon.ts";
import type { S3Request, Transport } from "./dialect.ts";

const keys = { accessKey: new Secret("access"), secretKey: new Secret("secret") };

interface Settings {
  readonly endpoint: string;
  readonly bucket?: string;
  readonly region?: string;
  readonly pathStyle?: boolean;
}

/** What would go out; nothing does. */
function sent(
  { endpoint, bucket = "backups", region = "eu-central-1", pathStyle = true }: Settings,
  request: S3Request,
  by: typeof keys & { readonly sessionToken?: Secret } = keys,
): RequestOptions {
  const seen: RequestOptions[] = [];
  const transport: Transport = (options) => {
    seen.push(options);
    return new http.ClientRequest({ ...options, createConnection: () => undefined }).destroy();
  };
  const at = { endpoint: parseEndpoint(endpoint, undefined), bucket, region, pathStyle };
  const dialect = amazonDialect({ ...at, agent: new http.Agent() });
  dialect.send(request, by, transport).catch(() => undefined);
  const [first] = seen;
  if (first === undefined) throw new Error("nothing was sent");
  return first;
}

function headerOf({ headers }: RequestOptions, name: string): unknown {
  return (headers as Record<string, unknown>)[name];
}

describe("a request in Amazon's dialect", () => {
  const get: S3Request = { method: "GET", key: "prod/a b+ü.yaml" };

  it.each<[string, Settings, string, string]>([
    ["in the path", { endpoint: "http://minio:9000" }, "minio:9000", "/backups/prod/a%20b%2B%C3%BC.yaml"],
    [
      "in the path of a scheme's own port",
      { endpoint: "https://s3.test" },
      "s3.test",
      "/backups/prod/a%20b%2B%C3%BC.yaml",
    ],
    [
      "in the host",
      { endpoint: "http://minio:9000", pathStyle: false },
      "backups.minio:9000",
      "/prod/a%20b%2B%C3%BC.yaml",
    ],
    [
      "in the host of AWS, and the region with it",
      { endpoint: "https://s3.amazonaws.com" },
      "backups.s3.eu-central-1.amazonaws.com",
      "/prod/a%20b%2B%C3%BC.yaml",
    ],
    [
      "in the path of a region of AWS that is written",
      { endpoint: "https://s3.eu-west-1.amazonaws.com" },
      "s3.eu-west-1.amazonaws.com",
      "/backups/prod/a%20b%2B%C3%BC.yaml",
    ],
    [
      "in the host of AWS in China",
      { endpoint: "https://s3.cn-north-1.amazonaws.com.cn", region: "cn-north-1" },
      "backups.s3.cn-north-1.amazonaws.com.cn",
      "/prod/a%20b%2B%C3%BC.yaml",
    ],
    [
      "in the path over TLS when it has a dot",
      { endpoint: "https://s3.test", bucket: "a.b", pathStyle: false },
      "s3.test",
      "/a.b/prod/a%20b%2B%C3%BC.yaml",
    ],
  ])("names the bucket %s", (_, settings, host, path) => {
    const options = sent(settings, get);
    expect([headerOf(options, "host"), options.path]).toEqual([host, path]);
    expect(options.host).toBe(host.replace(/:\d+$/, ""));
  });

  it("to the bucket itself ends at its name", () => {
    expect(sent({ endpoint: "http://minio:9000" }, { method: "GET", query: { location: "" } }).path).toBe(
      "/backups?location=",
    );
    expect(sent({ endpoint: "http://minio:9000", pathStyle: false }, { method: "HEAD" }).path).toBe("/");
  });

  it("with lent keys carries their token, signed", () => {
    const lent = { ...keys, sessionToken: new Secret("lent for an hour") };
    const options = sent({ endpoint: "http://minio:9000" }, get, lent);
    expect(headerOf(options, "x-amz-security-token")).toBe("lent for an hour");
    expect(headerOf(options, "authorization")).toContain("x-amz-security-token");
  });

  it("says the length of what it puts, also of nothing", () => {
    const body = new TextEncoder().encode("four");
    const lengthOf = (request: S3Request) =>
      headerOf(sent({ endpoint: "http://minio:9000" }, request), "content-length");
    expect(lengthOf({ method: "PUT", key: "k", body })).toBe("4");
    expect(lengthOf({ method: "DELETE", key: "k" })).toBe("0");
    expect(lengthOf({ method: "GET", key: "k" })).toBeUndefined();
  });
});
