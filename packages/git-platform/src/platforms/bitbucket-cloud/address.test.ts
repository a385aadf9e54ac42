import { describe, expect, it } from "vitest";
import { parseRepoUrl } from "../../registry.ts";

describe("the address of a repository on Bitbucket Cloud", () => {
  it.each([
    "https://bitbucket.org/acme/fleet.git",
    "https://bitbucket.org/acme/fleet",
    "git@bitbucket.org:acme/fleet.git",
    "ssh://git@bitbucket.org/acme/fleet.git",
    "ssh://git@altssh.bitbucket.org:443/acme/fleet.git",
  ])("%s leads to api.bitbucket.org", async (url) => {
    const address = { apiUrl: "https://api.bitbucket.org/2.0", owner: "acme", name: "fleet" };
    expect(await parseRepoUrl(url, "bitbucket-cloud")).toEqual(address);
  });

  it.each([
    [
      "https://git.example.com/acme/fleet.git",
      /not at bitbucket\.org; for Bitbucket Data Center set .* bitbucket-server/,
    ],
    ["https://bitbucket.org.example.com/acme/fleet.git", /not at bitbucket\.org/],
    ["http://bitbucket.org/acme/fleet.git", /not at bitbucket\.org/],
    ["https://bitbucket.org/acme/fleet/src/main", /does not end in bitbucket\.org\/workspace\/name/],
    ["https://:s3cret@bitbucket.org/acme/fleet.git", /holds a credential/],
  ])("%s is refused: the token goes nowhere else", async (url, problem) => {
    const parsed = parseRepoUrl(url, "bitbucket-cloud");
    await expect(parsed).rejects.toThrow(problem);
    await expect(parsed).rejects.not.toThrow(/s3cret/);
  });
});
