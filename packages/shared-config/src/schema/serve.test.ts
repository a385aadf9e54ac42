import { describe, expect, it } from "vitest";
import { serveSection } from "./serve.ts";

const problemsOf = (trustedProxies: unknown) =>
  serveSection.safeParse({ trustedProxies }).error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);

describe("trusted proxies", () => {
  it("are nobody unless they are written", () => {
    expect(serveSection.parse(undefined).trustedProxies).toEqual([]);
  });

  it("are addresses and networks of both kinds", () => {
    expect(problemsOf(["10.128.0.0/14", "192.0.2.7", "2001:db8::/32", "::1"])).toBeUndefined();
  });

  it.each(["ingress", "10.0.0.0/33", "10.0.0.0/0", "::/0", "10.0.0.0/", "10.0.0.0/8/8", "10.0.0.0/08", "loopback"])(
    "are not %s",
    (text) => {
      expect(problemsOf([text])).toEqual([
        'trustedProxies.0: expected an address or a network, such as "10.128.0.0/14"; no network of all addresses',
      ]);
    },
  );
});
