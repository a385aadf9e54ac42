import { execFile } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Secret } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { openPlatform, parseRepoUrl, platformIds } from "./index.ts";

describe("the address of a repository on Gitea", () => {
  it.each([
    ["https://git.example.com/acme/fleet.git", "https://git.example.com/api/v1"],
    ["https://git.example.com/acme/fleet", "https://git.example.com/api/v1"],
    ["http://127.0.0.1:3000/acme/fleet.git/", "http://127.0.0.1:3000/api/v1"],
    ["https://example.com/tools/git/acme/fleet.git", "https://example.com/tools/git/api/v1"],
    ["git@git.example.com:acme/fleet.git", "https://git.example.com/api/v1"],
    ["ssh://git@git.example.com:2222/acme/fleet.git", "https://git.example.com/api/v1"],
  ])("%s leads to %s", async (url, apiUrl) => {
    expect(await parseRepoUrl(url, "gitea")).toEqual({ apiUrl, owner: "acme", name: "fleet" });
  });

  it("keeps names that look like part of the form", async () => {
    expect(await parseRepoUrl("https://git.example.com/a%20b/git.git.git", "gitea")).toMatchObject({
      owner: "a b",
      name: "git.git",
    });
  });

  it.each([
    ["/srv/git/fleet.git", /it is no address on a Git host/],
    ["https://git.example.com/fleet.git", /does not end in owner\/name/],
    ["https://ada:s3cret@git.example.com/acme/fleet.git", /holds a credential/],
    ["https://git.example.com/acme/fleet.git?token=s3cret", /has a query/],
    ["https://git.example.com/acme/%E0%A4%A.git", /broken percent sign/],
  ])("%s is refused, and no credential is repeated", async (url, problem) => {
    const parsed = parseRepoUrl(url, "gitea");
    await expect(parsed).rejects.toThrow(problem);
    await expect(parsed).rejects.not.toThrow(/s3cret/);
  });
});

describe("a platform", () => {
  it("that there is no adapter for is refused with those there are", async () => {
    expect(platformIds).toEqual(expect.arrayContaining(["bitbucket-cloud", "bitbucket-server", "gitea"]));
    await expect(openPlatform({ platform: "sourcehut", url: "https://git.sr.ht/~a/b" })).rejects.toThrow(
      `git-platform: use platform "sourcehut": invalid: it is not supported; supported: ${platformIds.join(", ")} (gitea serves Forgejo too); set repository.platform`,
    );
    await expect(parseRepoUrl("https://h/a/b", "constructor")).rejects.toThrow("it is not supported");
  });

  it("names the file of certificates that cannot be read", async () => {
    const options = { platform: "gitea", url: "https://h/a/b.git", caFile: "/nowhere/ca.pem" };
    await expect(openPlatform(options)).rejects.toThrow(
      "gitea: read repository.caFile /nowhere/ca.pem: invalid: it cannot be read (ENOENT)",
    );
  });

  it("does not take an empty file of certificates for all those that are trusted anyway", async () => {
    const caFile = join(await mkdtemp(join(tmpdir(), "kubeferry-test-")), "ca.pem");
    await writeFile(caFile, "");
    const options = { platform: "gitea", url: "https://h/a/b.git", caFile };
    await expect(openPlatform(options)).rejects.toThrow(
      `gitea: read repository.caFile ${caFile}: invalid: there is no certificate in it`,
    );
  });

  it("takes another address for the API where the repository's address does not tell it", async () => {
    const url = "git@git.example.com:acme/fleet.git";
    const options = { platform: "gitea", url, apiUrl: "https://user@h/api/v1", token: new Secret("x") };
    await expect(openPlatform(options)).rejects.toThrow(/read repository\.apiUrl: invalid/);
  });
});

it("an adapter that is not used is not loaded, nor are the libraries it brings", { timeout: 60_000 }, async () => {
  const index = new URL("./index.ts", import.meta.url).href;
  const program = `
    import { registerHooks } from "node:module";
    const seen = [];
    registerHooks({ resolve: (name, context, next) => (seen.push(name), next(name, context)) });
    const { openPlatform } = await import(${JSON.stringify(index)});
    await openPlatform({ platform: "gitea", url: "https://git.example.com/acme/fleet.git" });
    process.stdout.write(JSON.stringify(seen.filter((name) => /octokit|gitbeaker|platforms/.test(name))));`;
  const args = ["--conditions=kubeferry-source", "--input-type=module", "--eval", program];
  const env = { ...process.env, NODE_OPTIONS: "" };
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname, env });
  expect(JSON.parse(stdout)).toEqual(["./platforms/gitea/gitea.ts"]);
});
