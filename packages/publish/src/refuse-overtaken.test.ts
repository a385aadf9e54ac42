import { testCall } from "@kubeferry/test-fleet";
import { expect, it } from "vitest";
import type { BranchSearch } from "./choose-branch.ts";
import { refuseOvertaken } from "./refuse-overtaken.ts";

const PROPOSED = "a/one/_snapshots/s1/0000000007.json, a/two/_snapshots/s9/0000000003.json";

function branches(trailers: Readonly<Record<string, string>> = {}): BranchSearch {
  const commit = {
    id: "c1",
    message: "",
    authorEmail: "kubeferry@localhost",
    committerEmail: "kubeferry@localhost",
    authoredAt: 1_700_000_000,
    committedAt: 1_700_000_000,
    trailers: { "Kubeferry-Run": "r", "Kubeferry-Cluster": "a/one", "Kubeferry-Snapshot": PROPOSED, ...trailers },
  };
  return {
    configured: "kubeferry/main",
    base: "main",
    authorEmail: "kubeferry@localhost",
    sources: [{ origin: { cluster: "a/one", uid: "u", series: "s1" } }],
    existing: new Map([["kubeferry/main", { commit: "c1", commits: [commit], leftBaseAt: ["b1"] }]]),
  };
}

function asked(key: string, at?: string) {
  return [{ snapshotKey: key, at }];
}

const inStore = async () => true;

it.each([
  ["the same snapshot", "a/one/_snapshots/s1/0000000007.json"],
  ["a newer one", "a/one/_snapshots/s1/0000000010.json"],
  ["the first ones of a series that began anew", "a/one/_snapshots/s2/0000000001.json"],
  ["those of a cluster that is not on the branch", "a/three/_snapshots/s1/0000000001.json"],
])("a run that read %s goes on", async (_, key) => {
  await expect(refuseOvertaken(branches(), asked(key), inStore, testCall)).resolves.toBe(undefined);
});

it("a run that read an older snapshot of any of its clusters ends, and says which one is proposed", async () => {
  await expect(
    refuseOvertaken(branches(), asked("a/two/_snapshots/s9/0000000002.json"), inStore, testCall),
  ).rejects.toThrow("newer snapshot there, a/two/_snapshots/s9/0000000003.json");
});

it("a run that was asked for an earlier time goes on", async () => {
  const asOf = asked("a/one/_snapshots/s1/0000000006.json", "2026-03-01T06:00:00Z");
  await expect(refuseOvertaken(branches(), asOf, inStore, testCall)).resolves.toBe(undefined);
});

it("a snapshot that the store no longer has was not faster", async () => {
  const older = asked("a/one/_snapshots/s1/0000000006.json");
  await expect(refuseOvertaken(branches(), older, async () => false, testCall)).resolves.toBe(undefined);
});

it("what a person's commit says of snapshots does not count", async () => {
  const theirs = branches({ "Kubeferry-Base": "another" });
  const older = asked("a/one/_snapshots/s1/0000000006.json");
  await expect(refuseOvertaken(theirs, older, inStore, testCall)).resolves.toBe(undefined);
});
