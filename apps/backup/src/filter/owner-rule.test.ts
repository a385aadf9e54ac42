import { objectKey } from "@kubeferry/model";
import type { CapturedObject } from "@kubeferry/snapshot";
import { describe, expect, it } from "vitest";
import { isOwned } from "./owner-rule.ts";

function pod(...ownerReferences: object[]): CapturedObject {
  const line = Buffer.from(
    JSON.stringify({ kind: "Pod", apiVersion: "v1", metadata: { name: "web", ownerReferences } }),
  );
  return { key: objectKey("shop", "web"), uid: "u", resourceVersion: "1", line };
}
const readTypes = (...names: string[]) => new Map(names.map((name) => [name, { surelyTakes: () => true }]));
const replicaSet = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "web-1", controller: true };

describe("isOwned", () => {
  it("leaves out a Pod of a ReplicaSet when ReplicaSets were read in this run", () => {
    expect(isOwned(pod(replicaSet), readTypes("replicasets.apps"))).toBe(true);
  });

  it("keeps it when ReplicaSets could not be read: then nothing else would make it again", () => {
    expect(isOwned(pod(replicaSet), readTypes("deployments.apps"))).toBe(false);
  });

  it("keeps it when a filter may have left out its ReplicaSet", () => {
    const asked: string[] = [];
    const surelyTakes = (key: string) => asked.push(key) < 1;
    expect(isOwned(pod(replicaSet), new Map([["replicasets.apps", { surelyTakes }]]))).toBe(false);
    expect(asked).toEqual(["shop/web-1"]);
  });

  it("keeps a Pod whose owner is no controller of it, or a custom resource", () => {
    const read = readTypes("replicasets.apps", "databases.example.com");
    expect(isOwned(pod({ ...replicaSet, controller: false }), read)).toBe(false);
    expect(isOwned(pod({ apiVersion: "example.com/v1", kind: "ReplicaSet", name: "x", controller: true }), read)).toBe(
      false,
    );
  });

  it("keeps a bare Pod, and one that only mentions a controller in its text", () => {
    const line = Buffer.from(
      '{"metadata":{"name":"web","annotations":{"note":"{\\"controller\\":true}"}},"x":{"controller":true}}',
    );
    expect(isOwned(pod(), readTypes("replicasets.apps"))).toBe(false);
    expect(isOwned({ key: objectKey("shop", "web"), line }, readTypes("replicasets.apps"))).toBe(false);
  });
});
