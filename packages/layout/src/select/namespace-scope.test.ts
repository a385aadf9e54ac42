import { expect, it } from "vitest";
import { adoptsNamespace } from "./namespace-scope.ts";

it.each([
  ["shop", ["shop"], true],
  ["shop-2", ["shop"], false],
  ["team-a", ["team-*"], true],
  ["team-a", ["team-?"], true],
  ["team-ab", ["team-?"], false],
  ["shop", ["*"], true],
  ["kube-system", ["*"], false],
  ["kube-system", ["kube-*"], false],
  ["kube-system", ["kube-system"], true],
  ["openshift", ["*"], false],
  ["openshift-config", ["*", "openshift-config"], true],
  ["argocd", ["*"], false],
  ["argocd", ["argocd"], true],
])("namespace %s with %j is adopted: %s", (namespace, globs, adopted) => {
  expect(adoptsNamespace(namespace, { globs, argocdNamespace: "argocd" })).toBe(adopted);
});
