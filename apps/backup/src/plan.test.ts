import type { Discovery } from "@kubeferry/kube";
import { type ResourceType, typeName } from "@kubeferry/model";
import type { BackupConfig } from "@kubeferry/shared-config";
import type { SnapshotManifest, TypeEntry } from "@kubeferry/snapshot";
import { describe, expect, it } from "vitest";
import { createSelection } from "./filter/selection.ts";
import { planCapture } from "./plan.ts";
import { filterOf } from "./testing/filter-of.ts";

const type = (name: string): ResourceType => {
  const [resource = "", ...group] = name.split(".");
  return { group: group.join("."), version: "v1", resource, kind: resource, namespaced: true, verbs: ["list"] };
};
const discovered = (names: readonly string[], stale: Discovery["stale"] = []): Discovery => ({
  types: names.map(type),
  stale,
  document: Buffer.from(""),
});
const parentWith = (...names: string[]): SnapshotManifest =>
  ({
    types: names.map((name) => ({ ...type(name), segments: [] }) as unknown as TypeEntry),
  }) as unknown as SnapshotManifest;
const selecting = async (filter: string, more: Partial<Pick<BackupConfig, "secrets">> = {}) =>
  createSelection({ ...(await filterOf(filter)), ...more });
const ordinary = await selecting("{}");

describe("planCapture", () => {
  it("lists owners before what they own: everything, then ReplicaSets, then Pods", () => {
    const { rounds } = planCapture(
      discovered(["pods", "replicasets.apps", "deployments.apps", "configmaps"]),
      undefined,
      ordinary,
    );
    expect(rounds.map((round) => round.map(typeName))).toEqual([
      ["configmaps", "deployments.apps"],
      ["replicasets.apps"],
      ["pods"],
    ]);
  });

  it("lists what has a priority first, and an owner still before what it owns", async () => {
    const selection = await selecting("{ priorities: { pods: 1, secrets: 2, services: 1 } }");
    const types = ["configmaps", "pods", "replicasets.apps", "secrets", "services"];
    const { rounds } = planCapture(discovered(types), undefined, selection);
    expect(rounds.map((round) => round.map(typeName))).toEqual([
      ["services", "secrets", "configmaps"],
      ["replicasets.apps"],
      ["pods"],
    ]);
  });

  it("leaves out what is no state, and says why for each", () => {
    const { filtered, rounds } = planCapture(
      discovered(["events", "leases.coordination.k8s.io", "nodes.metrics.k8s.io", "nodes"]),
      undefined,
      ordinary,
    );
    expect(rounds.flat().map(typeName)).toEqual(["nodes"]);
    expect(filtered.map(({ type: { resource }, reason }) => `${resource}: ${reason}`)).toEqual([
      "events: skipped_by_default: a log that expires by itself",
      "leases: skipped_by_default: heartbeats of running processes",
      "nodes: skipped_by_default: measurements, not state",
    ]);
  });

  it("takes a type that is left out by default when it is asked for", async () => {
    const { rounds } = planCapture(discovered(["events"]), undefined, await selecting("{ alsoTake: [events] }"));
    expect(rounds.flat().map(typeName)).toEqual(["events"]);
  });

  it("tells two groups of one plural apart in what is excluded", async () => {
    const found = discovered(["widgets.example.com", "widgets.other.example.org"]);
    const selection = await selecting("{ resources: { exclude: [widgets.example.com] } }");
    const { rounds, filtered } = planCapture(found, undefined, selection);
    expect(rounds.flat().map(typeName)).toEqual(["widgets.other.example.org"]);
    expect(filtered.map(({ type: each }) => typeName(each))).toEqual(["widgets.example.com"]);
  });

  it("never asks for Secrets when they are omitted, not even when they are asked for by name", async () => {
    const selection = await selecting("{ alsoTake: [secrets] }", { secrets: "omit" });
    const { rounds } = planCapture(discovered(["secrets"]), undefined, selection);
    expect(rounds.flat()).toEqual([]);
  });

  it("holds the parent's types of a group that does not answer for unread, and those of a group that is gone for gone", () => {
    const stale = [{ group: "down.example.com", version: "v1", reason: "stale" }];
    const parent = parentWith("things.down.example.com", "widgets.gone.example.com", "configmaps");
    const { unread } = planCapture(discovered(["configmaps"], stale), parent, ordinary);
    expect(unread.map(({ type: each, reason }) => `${typeName(each)}: ${reason}`)).toEqual([
      "things.down.example.com: stale",
    ]);
  });

  it("keeps a type filtered that is left out by wish, also while its API does not answer", async () => {
    const stale = [{ group: "down.example.com", version: "v1", reason: "stale" }];
    const parent = parentWith("things.down.example.com", "others.down.example.com");
    const selection = await selecting("{ resources: { exclude: [things.down.example.com] } }");
    const { unread, filtered } = planCapture(discovered(["configmaps"], stale), parent, selection);
    expect(unread.map(({ type: each }) => typeName(each))).toEqual(["others.down.example.com"]);
    expect(filtered.map(({ type: each, reason }) => `${typeName(each)}: ${reason}`)).toEqual([
      "things.down.example.com: excluded_by_blacklist: backup.filter.resources.exclude has things.down.example.com",
    ]);
  });

  it("names a group that does not answer and was never read, unless nothing of it is ever taken", () => {
    const down = { group: "down.example.com", version: "v1", reason: "stale" };
    const stale = [down, { group: "metrics.k8s.io", version: "v1beta1", reason: "stale" }];
    expect(planCapture(discovered(["configmaps"], stale), undefined, ordinary).silent).toEqual([down]);
    expect(planCapture(discovered([], stale), parentWith("things.down.example.com"), ordinary).silent).toEqual([]);
  });
});
