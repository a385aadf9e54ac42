import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Secret } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { openPlatform } from "../../open-platform.ts";
import { authorization } from "./credentials.ts";
import { serverOfTests } from "./testing/opened-server.ts";
import { ACCESS_TOKEN, PASSWORD } from "./testing/server-stand-in.ts";

const repo = { owner: "ACME", name: "fleet" };
const server = serverOfTests();

describe("a credential for Bitbucket Data Center", () => {
  it("that is an HTTP access token is a bearer, to the API and to git", async () => {
    const options = { apiUrl: "https://git.example.com/rest", repo, token: new Secret("t0ken") };
    expect(authorization(options)).toEqual({ authorization: "Bearer t0ken", "x-atlassian-token": "no-check" });
    const { platform, gitLogin } = server().open({ token: new Secret(ACCESS_TOKEN) });
    const login = await gitLogin(server().call);
    expect(login).toMatchObject({ scheme: "bearer" });
    expect(login?.token.reveal()).toBe(ACCESS_TOKEN);
    expect(await platform.getRepository(repo, server().call)).toMatchObject({ repo, defaultBranch: "main" });
  });

  it("that is a password goes out with its user, to the API and to git", async () => {
    const { platform, gitLogin } = server().open({ token: new Secret(PASSWORD), username: "robot" });
    expect(await gitLogin(server().call)).toMatchObject({ scheme: "basic", username: "robot" });
    expect(await platform.getHost(server().call)).toMatchObject({ user: "robot", scopes: undefined });
  });

  it("is none where none is configured", async () => {
    const { platform, gitLogin } = server().open({});
    expect(await gitLogin(server().call)).toBeUndefined();
    await expect(platform.getRepository(repo, server().call)).rejects.toMatchObject({ kind: "denied" });
  });

  it.each([
    [undefined, /an HTTP access token .*; a password needs repository\.username/],
    ["robot", /with an HTTP access token drop repository\.username/],
  ])("that is not accepted names the right one, with user name %s", async (username, next) => {
    const { platform } = server().open({
      token: new Secret("wr0ng"),
      ...(username === undefined ? {} : { username }),
    });
    const refusal = platform.getRepository(repo, server().call);
    await expect(refusal).rejects.toMatchObject({ kind: "denied", next: expect.stringMatching(next) });
    await expect(refusal).rejects.toThrow("the login is not accepted");
  });

  it("that the server wants a captcha for says so", async () => {
    const headers = { "x-authentication-denied-reason": "CAPTCHA_CHALLENGE; login-url=https://git.example.com/login" };
    server().standIn.faults.misbehave({ fault: { type: "status", status: 401, headers }, times: 1 });
    const refusal = server().platform.getRepository(repo, server().call);
    await expect(refusal).rejects.toThrow(/denied: the host wants a captcha .* sign in once in a browser/);
  });
});

describe("a server below a path", () => {
  it("is asked there, read from an address for http, and told by apiUrl beside one for SSH", async () => {
    const asked: (string | undefined)[] = [];
    const answering = createServer((request, response) => {
      asked.push(request.url);
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ version: "9.4.0" }));
    });
    await new Promise<void>((resolve) => answering.listen(0, "127.0.0.1", resolve));
    const origin = `http://127.0.0.1:${(answering.address() as AddressInfo).port}`;
    for (const address of [
      { url: `${origin}/tools/bitbucket/scm/ACME/fleet.git` },
      { url: "ssh://git@git.example.com:7999/acme/fleet.git", apiUrl: `${origin}/tools/bitbucket/` },
    ]) {
      const { platform } = await openPlatform({ platform: "bitbucket-server", ...address });
      expect(await platform.getHost(server().call)).toMatchObject({ product: "Bitbucket Data Center 9.4.0" });
      await platform.close();
    }
    await new Promise((resolve) => answering.close(resolve));
    const path = "/tools/bitbucket/rest/api/latest/application-properties";
    expect(asked).toEqual([path, path]);
  });
});
