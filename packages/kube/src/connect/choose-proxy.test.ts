import { describe, expect, it } from "vitest";
import { chooseProxy } from "./choose-proxy.ts";

const proxy = { HTTPS_PROXY: "http://proxy:3128", HTTP_PROXY: "http://plain:3128" };

describe("chooseProxy", () => {
  it.each([
    ["https://api.example.com:6443", undefined, {}, undefined],
    ["https://api.example.com:6443", undefined, proxy, "http://proxy:3128"],
    ["http://api.example.com", undefined, proxy, "http://plain:3128"],
    ["https://api.example.com", undefined, { https_proxy: "proxy:3128" }, "http://proxy:3128"],
    ["https://api.example.com", "socks5://here:1080", { ...proxy, NO_PROXY: "*" }, "socks5://here:1080"],
    ["https://localhost:6443", undefined, proxy, undefined],
    ["https://127.0.0.1:6443", undefined, proxy, undefined],
    ["https://[::1]:6443", undefined, proxy, undefined],
  ])("for %s with proxy-url %s and %o chooses %s", (server, proxyUrl, environment, expected) => {
    expect(chooseProxy(new URL(server), proxyUrl, environment)).toBe(expected);
  });

  it.each([
    ["*", "https://api.example.com:6443", true],
    ["example.com", "https://api.example.com:6443", true],
    [".example.com", "https://api.example.com:6443", true],
    ["*.example.com", "https://api.example.com:6443", true],
    ["EXAMPLE.com", "https://api.example.com", true],
    ["api.example.com:6443", "https://api.example.com:6443", true],
    ["api.example.com:443", "https://api.example.com:6443", false],
    ["ample.com", "https://api.example.com:6443", false],
    ["other.com, 10.0.0.0/8 ,.svc", "https://10.96.0.1:443", true],
    ["10.0.0.0/8", "https://11.0.0.1", false],
    ["10.0.0.0/8", "https://api.example.com", false],
    ["10.96.0.1", "https://10.96.0.1:443", true],
    ["0.96.0.1", "https://10.96.0.1:443", false],
    ["fd00::/8", "https://[fd00::1]:443", true],
    ["fd00::1", "https://[fd00::1]:443", true],
    ["[fd00::1]:6443", "https://[fd00::1]:443", false],
    ["10.0.0.0/99,10.0.0.0/x,/8,", "https://10.96.0.1:443", false],
  ])("NO_PROXY=%s makes the way to %s direct: %s", (noProxy, server, direct) => {
    const chosen = chooseProxy(new URL(server), undefined, { ...proxy, no_proxy: noProxy });
    expect(chosen).toBe(direct ? undefined : "http://proxy:3128");
  });
});
