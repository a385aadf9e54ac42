import { expect, it } from "vitest";
import type { OwnedFile } from "../folders/ownership.ts";
import type { Tip } from "../repository/read-tip.ts";
import { isRepeatable } from "./is-repeatable.ts";
import { untouched } from "./plan.ts";

const EMPTY: Tip = { folders: new Map(), ownedFiles: 0 };
const FROZEN = { folder: "namespaces/shop", files: ["namespaces/shop/base/a.yaml"] };

function tipWith(object: OwnedFile["object"] & object): Tip {
  const files = { "base/a.yaml": { sha256: "", object } };
  const ownership = { format: 1, rules: "1", environments: {}, files } as const;
  return { folders: new Map([["cluster", { ownership, digests: new Map() }]]), ownedFiles: 1 };
}

it("is repeatable where people's edits freeze a folder, or it is too large", () => {
  const blocked = { object: "namespaces/mail", reason: "too large" };
  const folders = [untouched("namespaces/shop", { frozen: FROZEN }), untouched("namespaces/mail", { blocked })];
  expect(isRepeatable({ folders }, EMPTY)).toBe(true);
});

it("is not repeatable where a folder waits for a newer snapshot", () => {
  const folders = [untouched("namespaces/shop", { warnings: ["namespaces/shop: it was rolled back"] })];
  expect(isRepeatable({ folders }, EMPTY)).toBe(false);
});

it("is not repeatable where Git has objects of a type that is not opened", () => {
  const role = { group: "rbac.authorization.k8s.io", resource: "clusterroles", kind: "ClusterRole", name: "view" };
  expect(isRepeatable({ folders: [] }, tipWith(role))).toBe(true);
  expect(isRepeatable({ folders: [] }, tipWith({ group: "", resource: "nodes", kind: "Node", name: "a" }))).toBe(false);
});
