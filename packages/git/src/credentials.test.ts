import { readdirSync } from "node:fs";
import { Secret } from "@kubeferry/model";
import { expect, it, onTestFinished } from "vitest";
import { openWorkTree } from "./index.ts";
import { localRepository, quietCall, temporaryFolder } from "./testing/local-repository.ts";

const call = quietCall();

it("credentials are asked for before each command that talks to the remote, and for no other", async () => {
  const remote = localRepository({ "a.yaml": "a\n" });
  onTestFinished(() => remote.remove());
  const asked = { times: 0 };
  const credentials = () => {
    asked.times += 1;
    return Promise.resolve({ scheme: "bearer", token: new Secret(`token-${asked.times}`) } as const);
  };
  const tree = await openWorkTree({ url: remote.bare, base: "main", credentials }, call);
  onTestFinished(() => tree.close());
  const opening = asked.times;
  expect(opening).toBeGreaterThan(0);
  await tree.writeFile("namespaces/a.yaml", "a\n");
  const commit = (await tree.commit({ subject: "Update", body: "", trailers: {} }, ["namespaces"], call)) ?? "";
  expect(asked.times).toBe(opening);
  await tree.push(commit, "kubeferry/main", undefined, call);
  await tree.remoteBranches("", call);
  expect(asked.times).toBe(opening + 2);
  await tree.push(commit, "kubeferry/main--shop", undefined, call);
  const branches = await tree.readBranches(["kubeferry/main", "kubeferry/main--shop"], call);
  expect([...branches.values()].map((branch) => branch.commit)).toEqual([commit, commit]);
  expect(asked.times).toBe(opening + 4);
});

it("a host that gives no credentials ends the opening with its own error, and leaves nothing behind", async () => {
  const parentFolder = temporaryFolder("parent");
  const refusal = new Error("the App is not installed");
  const credentials = () => Promise.reject(refusal);
  const opening = openWorkTree(
    { url: "https://git.example.com/a/b.git", base: "main", credentials, parentFolder },
    call,
  );
  await expect(opening).rejects.toBe(refusal);
  expect(readdirSync(parentFolder)).toEqual([]);
});

it.each([
  ["a token with a line break", { scheme: "bearer", token: new Secret("s3cret\nX-Evil: 1") } as const],
  ["a user name with a colon", { scheme: "basic", username: "a:b", token: new Secret("s3cret") } as const],
])("%s is refused before anything is sent, and not repeated", async (_what, credentials) => {
  const opening = openWorkTree({ url: "https://git.example.com/a/b.git", base: "main", credentials }, call);
  await expect(opening).rejects.toMatchObject({ kind: "invalid", message: expect.not.stringContaining("s3cret") });
});
