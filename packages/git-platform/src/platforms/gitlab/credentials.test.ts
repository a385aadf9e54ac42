import { Secret } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import type { PlatformOptions } from "../../driver.ts";
import { apiHeaders, gitLoginWith } from "./credentials.ts";
import { gitlabDriver } from "./gitlab.ts";

const OAUTH = "0123456789abcdef".repeat(4);

describe("a credential for GitLab", () => {
  it.each([
    ["a project, group or personal access token", ["glpat", "0123456789abcdefghij"].join("-"), "private-token", ""],
    ["a token from before there were prefixes", "abcdefghij0123456789", "private-token", ""],
    ["a token with a prefix of the instance's own", `acme-${OAUTH.slice(5)}`, "private-token", ""],
    ["an OAuth token", OAUTH, "authorization", "Bearer "],
  ])("%s goes to the API in its header, and to git as the password of oauth2", (_kind, clear, name, before) => {
    const token = new Secret(clear);
    expect(apiHeaders(token)).toEqual({ [name]: `${before}${clear}` });
    expect(gitLoginWith(token)).toEqual({ scheme: "basic", username: "oauth2", token });
  });

  it("is not needed for what is public", () => {
    expect(apiHeaders(undefined)).toEqual({});
    expect(gitLoginWith(undefined)).toBeUndefined();
  });

  it.each([
    [
      "a password",
      { token: new Secret("s3cret-password"), username: "ada" },
      "GitLab's API takes no user with a password",
    ],
    ["a deploy token", { token: new Secret("gldt-s3cret") }, "a deploy token opens no merge requests"],
    ["a CI job token", { token: new Secret("glcbt-64_s3cret") }, "a CI job token opens no merge requests"],
    ["a GitHub App", { app: { id: "1", privateKey: new Secret("s3cret") } }, "GitLab has no Apps as GitHub has"],
  ] as const)("that is %s is refused with the token that is needed", (_kind, given, problem) => {
    const options: PlatformOptions = { apiUrl: "https://gitlab.com/api/v4", repo: { owner: "a", name: "b" }, ...given };
    const create = () => gitlabDriver.create(options);
    expect(create).toThrow(
      `gitlab: read repository: invalid: ${problem}; make a project, group or personal access token with the scopes api and write_repository`,
    );
    expect(create).not.toThrow(/s3cret/);
  });
});
