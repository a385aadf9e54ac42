import type { OverrideConfig } from "@kubeferry/shared-config";
import { deployment } from "@kubeferry/test-fleet";
import { expect, it } from "vitest";
import { rulesOf } from "../environments/overrides/rules.ts";
import { differences } from "./differences.ts";
import { explainChanges } from "./explain-changes.ts";

function changes(...layers: readonly OverrideConfig[]) {
  const ref = { group: "apps", resource: "deployments", kind: "Deployment", namespace: "shop", name: "web" };
  return explainChanges(deployment("shop/web"), {
    rules: rulesOf(layers.map((keys, index) => ({ path: [`layer${index}`], keys }))),
    overridden: { ref, environment: "dev", scaled: false },
    nameOf: (name) => `${name}-dev`,
    namespaceFrom: ["layer0", "namespace"],
  });
}

it("names for every field the entry that counts, the value of the source and the value there", () => {
  const patch = { target: { kind: "Deployment", name: "*" }, merge: { spec: { replicas: 9, paused: true } } };
  expect(
    changes(
      { replicas: { "*": 1, web: 3 }, images: [{ from: "nginx", tag: "1.30" }], labels: { a: "b" } },
      { images: [{ from: "nginx", tag: "1.31" }], patches: [patch] },
    ),
  ).toEqual([
    { field: "spec.replicas", before: 2, after: 9, from: ["layer1", "patches", 0] },
    {
      field: "spec.template.spec.containers[0].image",
      before: "nginx:1.29",
      after: "nginx:1.31",
      from: ["layer1", "images", 0],
    },
    { field: "metadata.labels.a", after: "b", from: ["layer0", "labels", "a"] },
    { field: "spec.paused", after: true, from: ["layer1", "patches", 0] },
    { field: "metadata.namespace", before: "shop", after: "shop-dev", from: ["layer0", "namespace"] },
  ]);
});

it("leaves out a field that a stronger entry sets back to what the source has", () => {
  expect(changes({ replicas: { "*": 1 } }, { replicas: { web: 2 } }).map(({ field }) => field)).toEqual([
    "metadata.namespace",
  ]);
});

it("names the stronger of two entries for a label where the source has no labels", () => {
  expect(changes({ labels: { stage: "dev" } }, { labels: { stage: "test", team: "a" } })).toEqual([
    { field: "metadata.labels.stage", after: "test", from: ["layer1", "labels", "stage"] },
    { field: "metadata.labels.team", after: "a", from: ["layer1", "labels", "team"] },
    { field: "metadata.namespace", before: "shop", after: "shop-dev", from: ["layer0", "namespace"] },
  ]);
});

it("says what is gone and what is new, and takes lists of unlike length for one field", () => {
  const before = { gone: 1, same: { a: [1] }, list: [1, 2], "a.b/c": "x", old: { b: 1 } };
  const after = { same: { a: [1] }, list: [1], "a.b/c": "y", added: null, new: { a: { b: 1, c: 2 }, empty: {} } };
  expect(differences(before, after)).toEqual([
    { field: "gone", before: 1 },
    { field: "list", before: [1, 2], after: [1] },
    { field: '["a.b/c"]', before: "x", after: "y" },
    { field: "old.b", before: 1 },
    { field: "added", after: null },
    { field: "new.a.b", after: 1 },
    { field: "new.a.c", after: 2 },
    { field: "new.empty", after: {} },
  ]);
});
