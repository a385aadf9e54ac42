import type { JsonValue, ResourceType } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { envelopeProblem, nameProblem } from "./envelope.ts";

const DEPLOYMENTS: ResourceType = {
  group: "apps",
  version: "v1",
  resource: "deployments",
  kind: "Deployment",
  namespaced: true,
  verbs: [],
};
const NAMESPACES = { ...DEPLOYMENTS, group: "", resource: "namespaces", kind: "Namespace", namespaced: false };
const CLUSTER_ROLES = {
  ...NAMESPACES,
  group: "rbac.authorization.k8s.io",
  resource: "clusterroles",
  kind: "ClusterRole",
};

describe("names out of a bucket", () => {
  it.each([
    [DEPLOYMENTS, { namespace: "shop", name: "web" }],
    [CLUSTER_ROLES, { name: "system:controller:job-controller" }],
    [NAMESPACES, { name: "shop" }],
  ])("%j %j are those of an object", (type, names) => {
    expect(nameProblem(type, names)).toBeUndefined();
  });

  it.each([
    [DEPLOYMENTS, { namespace: "..", name: "web" }, "its namespace is no DNS label"],
    [DEPLOYMENTS, { namespace: "a/../../b", name: "web" }, "its namespace is no DNS label"],
    [DEPLOYMENTS, { namespace: "", name: "web" }, "its namespace is no DNS label"],
    [NAMESPACES, { name: "../argocd" }, "it is a Namespace, and its name is no DNS label"],
    [CLUSTER_ROLES, { name: ".." }, "its name cannot be a segment of a path"],
    [CLUSTER_ROLES, { name: "a/b" }, "its name cannot be a segment of a path"],
    [CLUSTER_ROLES, { name: "a\u0000b" }, "its name cannot be a segment of a path"],
    [CLUSTER_ROLES, { name: "" }, "its name is empty or longer than 253 characters"],
    [{ ...CLUSTER_ROLES, kind: "../Role" }, { name: "a" }, "its kind is no word of letters and digits"],
    [{ ...CLUSTER_ROLES, group: "a/b" }, { name: "a" }, "its group is no DNS name"],
    [
      { ...CLUSTER_ROLES, resource: "a b" },
      { name: "a" },
      "the name of its type is no word of lower-case letters and digits",
    ],
  ])("%j %j are refused", (type, names, problem) => {
    expect(nameProblem(type, names)).toBe(problem);
  });
});

describe("the line of an object", () => {
  const names = { namespace: "shop", name: "web" };
  const web = { apiVersion: "apps/v1", kind: "Deployment", metadata: names };

  it("is taken when it is the object it is stored as", () => {
    expect(envelopeProblem(web, DEPLOYMENTS, names)).toBeUndefined();
    const role = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };
    expect(envelopeProblem(role, NAMESPACES, { name: "shop" })).toBeUndefined();
  });

  it.each([
    [null, "it is no JSON object"],
    [["web"], "it is no JSON object"],
    [{ ...web, apiVersion: undefined as never }, "it has no apiVersion"],
    [{ ...web, apiVersion: 1 }, "it has no apiVersion"],
    [{ ...web, apiVersion: "apps/v1beta1" }, "its apiVersion is not apps/v1"],
    [{ ...web, kind: "Secret" }, "its kind is not Deployment"],
    [{ ...web, metadata: "web" }, "its metadata.name is not the name it is stored under"],
    [{ ...web, metadata: { ...names, name: "other" } }, "its metadata.name is not the name it is stored under"],
    [{ ...web, metadata: { name: "web" } }, "its metadata.namespace is not the one it is stored under"],
  ] as [JsonValue, string][])("%j is refused", (value, problem) => {
    expect(envelopeProblem(value, DEPLOYMENTS, names)).toBe(problem);
  });

  it("is refused above 1,000 levels, before anything walks through it", () => {
    let value: JsonValue = {};
    for (let level = 0; level < 100_000; level++) value = { value };
    expect(envelopeProblem({ ...web, value }, DEPLOYMENTS, names)).toBe("it is nested more than 1000 levels deep");
  });
});
