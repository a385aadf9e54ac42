import type { RemoteBranch } from "@kubeferry/git";
import { testCall } from "@kubeferry/test-fleet";
import { expect, it } from "vitest";
import { withdraw } from "./withdraw.ts";

const BRANCH = "kubeferry/main--shop";
const OURS: RemoteBranch["commits"][number] = {
  id: "a1",
  message: "",
  authorEmail: "kubeferry@localhost",
  committerEmail: "kubeferry@localhost",
  authoredAt: 1_700_000_000,
  committedAt: 1_700_000_000,
  trailers: {},
};

/** A remote whose branch is at `tip`, with an open request, and what was done to both. */
function place(tip: string | undefined) {
  const done: string[] = [];
  const request = {
    outcome: "closed",
    pullRequest: { url: "https://git.example.com/7", number: 7 },
    warnings: [],
  } as const;
  const tips =
    tip === undefined
      ? []
      : [
          { name: `${BRANCH}+2`, commit: "z" },
          { name: BRANCH, commit: tip },
        ];
  const tree = {
    remoteBranches: async () => tips,
    deleteRemoteBranch: async (name: string) => void done.push(`delete ${name}`),
  };
  const host = {
    withdraw: async (name: string) => {
      done.push(`close ${name}`);
      return request;
    },
  };
  return { done, use: { tree, host } as never };
}

const withdrawn = (tip: string | undefined) => {
  const { done, use } = place(tip);
  const remote = { commit: "a1", commits: [OURS], leftBaseAt: ["base"] };
  return { done, ended: withdraw({ name: BRANCH, remote, reason: "Nothing is left." }, use, testCall) };
};

it("a request is closed and its branch deleted while the branch is as it was read", async () => {
  const { done, ended } = withdrawn("a1");
  expect(await ended).toMatchObject({ outcome: "closed" });
  expect(done).toEqual([`close ${BRANCH}`, `delete ${BRANCH}`]);
});

it("a request whose branch somebody pushed to meanwhile stays open, and the run plans again", async () => {
  const { done, ended } = withdrawn("b2");
  await expect(ended).rejects.toMatchObject({ name: "GitError", kind: "conflict" });
  expect(done).toEqual([]);
});

it("a request whose branch went away meanwhile is closed all the same", async () => {
  const { done, ended } = withdrawn(undefined);
  expect(await ended).toMatchObject({ outcome: "closed" });
  expect(done).toEqual([`close ${BRANCH}`, `delete ${BRANCH}`]);
});
