import { describe, expect, it } from "vitest";
import { parseGitHubUrl } from "./address.ts";

describe("the address of a repository on GitHub", () => {
  it.each([
    ["https://github.com/acme/fleet.git", "https://api.github.com"],
    ["https://www.github.com/acme/fleet", "https://api.github.com"],
    ["git@github.com:acme/fleet.git", "https://api.github.com"],
    ["ssh://git@github.com/acme/fleet.git", "https://api.github.com"],
    ["ssh://git@ssh.github.com:443/acme/fleet.git", "https://api.github.com"],
    ["https://octo.ghe.com/acme/fleet.git", "https://api.octo.ghe.com"],
    ["octo@octo.ghe.com:acme/fleet.git", "https://api.octo.ghe.com"],
    ["https://github.example.com/acme/fleet.git", "https://github.example.com/api/v3"],
    ["https://github.example.com:8443/acme/fleet", "https://github.example.com:8443/api/v3"],
    ["https://example.com/tools/github/acme/fleet.git", "https://example.com/tools/github/api/v3"],
    ["git@github.example.com:acme/fleet.git", "https://github.example.com/api/v3"],
  ])("%s leads to %s", (url, apiUrl) => {
    expect(parseGitHubUrl(url)).toEqual({ apiUrl, owner: "acme", name: "fleet" });
  });

  it.each([
    ["https://github.com/acme/fleet/tree/main", /a page of a repository and not the repository/],
    ["https://ghp_s3cret@github.com/acme/fleet.git", /holds a credential/],
  ])("%s is refused, and no credential is repeated", (url, problem) => {
    expect(() => parseGitHubUrl(url)).toThrow(problem);
    expect(() => parseGitHubUrl(url)).not.toThrow(/s3cret/);
  });
});
