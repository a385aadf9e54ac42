import { describe, expect, it } from "vitest";
import { parseGitLabUrl } from "./address.ts";

const COM = "https://gitlab.com/api/v4";
const OWN = "https://git.example.com/api/v4";

describe("the address of a repository on GitLab", () => {
  it.each([
    ["https://gitlab.com/acme/fleet.git", COM, "acme"],
    ["https://gitlab.com/acme/platform/sre/fleet.git", COM, "acme/platform/sre"],
    ["http://127.0.0.1:8080/acme/fleet/", "http://127.0.0.1:8080/api/v4", "acme"],
    ["git@gitlab.com:acme/platform/fleet.git", COM, "acme/platform"],
    ["ssh://git@git.example.com:2222/acme/platform/fleet.git", OWN, "acme/platform"],
    ["ssh://git@altssh.gitlab.com:443/acme/fleet.git", COM, "acme"],
  ])("%s leads to %s, owner %s", (url, apiUrl, owner) => {
    expect(parseGitLabUrl(url)).toEqual({ apiUrl, owner, name: "fleet" });
  });

  it.each([
    ["https://example.com/gitlab/acme/fleet.git", "acme"],
    ["https://example.com/gitlab/gitlab/fleet.git", "gitlab"],
    ["https://example.com/gitlab/fleet.git", "gitlab"], // the API below the path, git at the root
    ["git@example.com:gitlab/platform/fleet.git", "gitlab/platform"], // SSH knows no path before the groups
  ])("%s on a host below the path /gitlab is of owner %s", (url, owner) => {
    const apiUrl = "https://example.com/gitlab/api/v4";
    expect(parseGitLabUrl(url, apiUrl)).toEqual({ apiUrl, owner, name: "fleet" });
  });

  it.each(["https://example.com/50%/api/v4", "no address"])("is read where apiUrl is %s", (apiUrl) => {
    const read = parseGitLabUrl("https://example.com/acme/fleet.git", apiUrl);
    expect(read).toEqual({ apiUrl, owner: "acme", name: "fleet" });
  });

  it("with a password is refused without repeating it", () => {
    const parse = () => parseGitLabUrl("https://ada:s3cret@git.example.com/acme/fleet.git");
    expect(parse).toThrow("gitlab: read repository.url: invalid: it holds a credential");
    expect(parse).not.toThrow(/s3cret/);
  });
});
