import { describe, expect, it } from "vitest";
import { proxyUrl, sshSection } from "./repository-access.ts";

function problemsOf(value: unknown, schema: typeof sshSection | typeof proxyUrl): readonly string[] {
  const { error } = schema.safeParse(value);
  return (error?.issues ?? []).map(({ path, message }) => [...path, message].join(": "));
}

describe("gitops.repository.ssh", () => {
  it("checks hosts strictly unless told otherwise", () => {
    expect(sshSection.parse({})).toEqual({ hostKeys: "strict" });
    expect(sshSection.parse({ hostKeys: "accept-new" })).toEqual({ hostKeys: "accept-new" });
    expect(problemsOf({ hostKeys: "no" }, sshSection)).toHaveLength(1);
  });

  it.each([
    [{ keyFile: "/k", key: "k" }, "key: expected either key or keyFile"],
    [{ knownHostsFile: "/h", knownHosts: "h" }, "knownHosts: expected either knownHosts or knownHostsFile"],
    [{ passphrase: "p" }, "passphrase: does nothing without keyFile or key; add one or drop the passphrase"],
  ])("refuses %j", (value, problem) => {
    expect(problemsOf(value, sshSection)).toEqual([problem]);
  });
});

describe("gitops.repository.proxy", () => {
  it.each(["http://proxy:3128", "https://ada:p%40ss@proxy.example.com:3128/"])(
    "takes %s, and never prints it",
    (url) => {
      const proxy = proxyUrl.parse(url);
      expect([String(proxy), proxy?.reveal()]).toEqual(["***", url]);
    },
  );

  it.each(["proxy:3128", "socks5://proxy:1080", "http://proxy/path", "http://u:s3cret@"])("refuses %s", (url) => {
    const problems = problemsOf(url, proxyUrl);
    expect(problems).toEqual([expect.stringContaining("expected an http or https URL without a path")]);
    expect(problems.join()).not.toContain("s3cret");
  });
});
