import { Secret } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { authorization } from "./credentials.ts";
import { uuidOf } from "./testing/cloud-json.ts";
import { ACCESS_TOKEN, API_TOKEN, EMAIL } from "./testing/cloud-stand-in.ts";
import { cloudOfTests } from "./testing/opened-cloud.ts";

const repo = { owner: "acme", name: "fleet" };
const cloud = cloudOfTests();

describe("a credential for Bitbucket Cloud", () => {
  it("of a person goes out with their e-mail address, and as a fixed user's password to git", async () => {
    const token = new Secret("t0ken");
    const options = { apiUrl: "https://api.bitbucket.org/2.0", repo, token, username: "ada@example.com" };
    const basic = Buffer.from("ada@example.com:t0ken").toString("base64");
    expect(authorization(options)).toEqual({ authorization: `Basic ${basic}` });
    const { platform, gitLogin } = cloud().open({ token: new Secret(API_TOKEN), username: EMAIL });
    expect(await gitLogin(cloud().call)).toMatchObject({ scheme: "basic", username: "x-bitbucket-api-token-auth" });
    expect((await gitLogin(cloud().call))?.token.reveal()).toBe(API_TOKEN);
    expect(await platform.getHost(cloud().call)).toMatchObject({
      product: "Bitbucket Cloud",
      user: `robot ${uuidOf("robot")}`,
      scopes: ["write:repository:bitbucket", "write:pullrequest:bitbucket"],
    });
  });

  it("of a repository goes out alone, and speaks for nobody", async () => {
    const options = { apiUrl: "https://api.bitbucket.org/2.0", repo, token: new Secret("t0ken") };
    expect(authorization(options)).toEqual({ authorization: "Bearer t0ken" });
    const { platform, gitLogin } = cloud().open({ token: new Secret(ACCESS_TOKEN) });
    expect(await gitLogin(cloud().call)).toMatchObject({ scheme: "basic", username: "x-token-auth" });
    expect(await platform.getHost(cloud().call)).toMatchObject({
      user: undefined,
      scopes: ["repository:write", "pullrequest:write"],
      can: { draft: true, reviewers: true, labels: false, autoMerge: false, commitStatus: true },
    });
  });

  it("is none where none is configured", async () => {
    const { platform, gitLogin } = cloud().open({});
    expect(await gitLogin(cloud().call)).toBeUndefined();
    await expect(platform.getRepository(repo, cloud().call)).rejects.toMatchObject({ kind: "denied" });
  });

  it.each([
    [undefined, "the access token is not accepted", /needs repository\.username, their account's e-mail address/],
    ["ada@example.com", "the API token is not accepted for this e-mail address", /API token with scopes for Bitbucket/],
    [
      "ada",
      "the login is not accepted: repository.username is no e-mail address, and Bitbucket Cloud takes no password and no app password any more",
      /API token with scopes and repository\.username to the Atlassian account's e-mail address/,
    ],
  ])("that is not accepted names the right one, with user name %s", async (username, problem, next) => {
    const wrong = { token: new Secret("wr0ng"), ...(username === undefined ? {} : { username }) };
    const { platform } = cloud().open(wrong);
    for (const attempt of [() => platform.getHost(cloud().call), () => platform.getRepository(repo, cloud().call)]) {
      const refusal = attempt();
      await expect(refusal).rejects.toMatchObject({ kind: "denied", next: expect.stringMatching(next) });
      await expect(refusal).rejects.toThrow(`denied: ${problem}; `);
    }
  });

  it("that Bitbucket says 401 to where users are, but lets see the repository, is accepted", async () => {
    const { standIn, open, call } = cloud();
    const { platform } = open({ token: new Secret(ACCESS_TOKEN) });
    standIn.faults.misbehave({ fault: { type: "status", status: 401 }, matches: ({ path }) => path === "/2.0/user" });
    expect(await platform.getHost(call)).toMatchObject({ user: undefined, scopes: undefined });
    standIn.faults.behave();
  });

  it("is no GitHub App", () => {
    const app = { id: "1", privateKey: new Secret("key") };
    expect(() => cloud().open({ app } as object)).toThrow("bitbucket-cloud: read repository.app: invalid");
  });
});
