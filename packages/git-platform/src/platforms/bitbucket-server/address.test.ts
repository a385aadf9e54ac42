import { describe, expect, it } from "vitest";
import { parseRepoUrl } from "../../registry.ts";
import { restUrl } from "./address.ts";

describe("the address of a repository on Bitbucket Data Center", () => {
  it.each([
    ["https://git.example.com/scm/ACME/fleet.git", "https://git.example.com/rest", "ACME"],
    ["https://git.example.com:7990/scm/acme/fleet", "https://git.example.com:7990/rest", "acme"],
    ["https://example.com/tools/bitbucket/scm/ACME/fleet.git", "https://example.com/tools/bitbucket/rest", "ACME"],
    ["https://git.example.com/scm/~ada/fleet.git", "https://git.example.com/rest", "~ada"],
    ["https://git.example.com/scm/scm/fleet.git", "https://git.example.com/rest", "scm"],
    ["ssh://git@git.example.com:7999/acme/fleet.git", "https://git.example.com/rest", "acme"],
    ["ssh://git@git.example.com:7999/~ada/fleet.git", "https://git.example.com/rest", "~ada"],
    ["git@git.example.com:acme/fleet.git", "https://git.example.com/rest", "acme"],
  ])("%s leads to %s", async (url, apiUrl, owner) => {
    expect(await parseRepoUrl(url, "bitbucket-server")).toEqual({ apiUrl, owner, name: "fleet" });
  });

  it.each([
    ["https://git.example.com/acme/fleet.git", /does not end in \/scm\/PROJECT\/name\.git/],
    ["https://git.example.com/projects/ACME/repos/fleet", /does not end in \/scm\/PROJECT\/name\.git/],
    ["ssh://git@git.example.com:7999/scm/acme/fleet.git", /does not end in host\/project\/name\.git/],
    ["/srv/git/fleet.git", /it is no address on a Git host/],
    ["https://ada:s3cret@git.example.com/scm/acme/fleet.git", /holds a credential/],
  ])("%s is refused, and no credential is repeated", async (url, problem) => {
    const parsed = parseRepoUrl(url, "bitbucket-server");
    await expect(parsed).rejects.toThrow(problem);
    await expect(parsed).rejects.not.toThrow(/s3cret/);
  });

  it.each([
    "https://example.com/bitbucket",
    "https://example.com/bitbucket/",
    "https://example.com/bitbucket/rest",
    "https://example.com/bitbucket/rest/api",
    "https://example.com/bitbucket/rest/api/1.0/",
  ])("takes %s as the API's address", (apiUrl) => {
    expect(restUrl(apiUrl)).toBe("https://example.com/bitbucket/rest");
  });
});
