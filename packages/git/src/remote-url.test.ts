import { describe, expect, it } from "vitest";
import { GitError } from "./git-error.ts";
import { parseRemoteUrl } from "./remote-url.ts";

describe("the address of a repository", () => {
  it.each([
    ["https://git.example.com/acme/fleet.git", "https", false],
    ["http://git.example.com:3000/sub/acme/fleet", "http", true],
    ["http://127.0.0.1:3000/acme/fleet.git", "http", false],
    ["http://localhost/acme/fleet.git", "http", false],
    ["ssh://git@git.example.com:2222/acme/fleet.git", "ssh", false],
    ["git@git.example.com:acme/fleet.git", "ssh", false],
    ["file:///srv/git/fleet.git", "file", false],
  ])("%s goes by %s", (url, transport, clearText) => {
    expect(parseRemoteUrl(url)).toEqual({ url, transport, clearText });
  });

  it("that is a path becomes a file address", () => {
    expect(parseRemoteUrl("/srv/my git/fleet.git")).toMatchObject({ url: "file:///srv/my%20git/fleet.git" });
    expect(parseRemoteUrl("./fleet.git").url).toMatch(/^file:\/\/\/.*\/fleet\.git$/);
    expect(parseRemoteUrl("fleet.git").url).toMatch(/^file:\/\/\/.*\/fleet\.git$/);
  });

  it.each([
    "https://ada:s3cret@git.example.com/acme/fleet.git",
    "https://s3cret@git.example.com/acme/fleet.git",
    "ssh://git:s3cret@git.example.com/acme/fleet.git",
  ])("with a credential in it is refused, and the credential is not repeated: %s", (url) => {
    expect(() => parseRemoteUrl(url)).toThrow(/set repository\.token/);
    expect(() => parseRemoteUrl(url)).not.toThrow(/s3cret/);
  });

  it.each([
    "ext::sh -c touch% /tmp/x",
    "fd::17",
    "git://git.example.com/fleet.git",
    "ftp://git.example.com/fleet.git",
    "--upload-pack=touch /tmp/x",
    "https://git.example.com/acme/fleet.git?token=s3cret",
    "https://git.example.com/acme/fleet.git#s3cret",
    "https://git.example.com/a\nb",
    "",
  ])("that git could misuse is refused: %j", (url) => {
    expect(() => parseRemoteUrl(url)).toThrow(GitError);
    expect(() => parseRemoteUrl(url)).not.toThrow(/s3cret/);
  });
});
