import { describe, expect, it } from "vitest";
import { StorageError } from "../storage-error.ts";
import { parseEndpoint } from "./endpoint.ts";

describe("parseEndpoint", () => {
  it.each([
    [
      "http://127.0.0.1:9000",
      undefined,
      { host: "127.0.0.1", port: 9000, useSsl: false, url: "http://127.0.0.1:9000" },
    ],
    [
      "https://s3.example.com",
      undefined,
      { host: "s3.example.com", port: 443, useSsl: true, url: "https://s3.example.com" },
    ],
    [
      "https://s3.example.com/",
      true,
      { host: "s3.example.com", port: 443, useSsl: true, url: "https://s3.example.com" },
    ],
    [
      "minio.example.com:9000",
      undefined,
      { host: "minio.example.com", port: 9000, useSsl: true, url: "https://minio.example.com:9000" },
    ],
    ["minio:9000", false, { host: "minio", port: 9000, useSsl: false, url: "http://minio:9000" }],
    ["minio", false, { host: "minio", port: 80, useSsl: false, url: "http://minio" }],
    ["http://[::1]:9000", undefined, { host: "::1", port: 9000, useSsl: false, url: "http://[::1]:9000" }],
  ])("reads %s with useSsl %s", (text, useSsl, expected) => {
    expect(parseEndpoint(text, useSsl)).toEqual(expected);
  });

  it.each([
    ["http://minio:9000", true, "contradicts store.useSsl: true"],
    ["https://minio:9000", false, "contradicts store.useSsl: false"],
    ["http://minio:9000/bucket", undefined, "goes on after host and port"],
    ["ftp://minio", undefined, "neither a URL nor host:port"],
    ["", undefined, "neither a URL nor host:port"],
    ["minio:port", undefined, "neither a URL nor host:port"],
  ])("refuses %j with useSsl %s: it %s", (text, useSsl, problem) => {
    expect(() => parseEndpoint(text, useSsl)).toThrow(problem);
    expect(() => parseEndpoint(text, useSsl)).toThrow(StorageError);
  });

  it("does not repeat a password that somebody wrote into it", () => {
    expect(() => parseEndpoint("http://user:hunter2@minio:9000", undefined)).toThrow(/user name or a password/);
    expect(() => parseEndpoint("http://user:hunter2@minio:9000", undefined)).not.toThrow(/hunter2/);
  });
});
