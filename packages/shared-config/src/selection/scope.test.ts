import { describe, expect, it } from "vitest";
import { createScope } from "./scope.ts";

const place = (namespace: string) => ({ resource: "configmaps", namespace, name: "settings" });

describe("a scope", () => {
  it.each([
    // include, exclude, namespace, verdict
    [[], [], "shop", undefined],
    [["shop"], [], "shop", undefined],
    [["shop"], [], "staging", "namespace_not_included"],
    [[], ["kube-*"], "kube-system", "namespace_excluded"],
    [[], ["kube-*"], "shop", undefined],
    [["shop", "kube-system"], ["kube-*"], "kube-system", "namespace_excluded"],
    [["team-*"], ["/-old$/"], "team-a", undefined],
    [["team-*"], ["/-old$/"], "team-a-old", "namespace_excluded"],
    [["team-*"], ["/-old$/"], "other-old", "namespace_excluded"],
  ] as const)("include %j, exclude %j: %s is %s", (include, exclude, namespace, verdict) => {
    expect(createScope({ namespaces: { include, exclude } }).outOfScope(place(namespace))).toBe(verdict);
  });

  it("counts a Namespace as being in itself, and leaves other cluster-scoped objects alone", () => {
    const scope = createScope({ namespaces: { include: ["shop"], exclude: [] } });
    expect(scope.outOfScope({ resource: "namespaces", name: "shop" })).toBeUndefined();
    expect(scope.outOfScope({ resource: "namespaces", name: "staging" })).toBe("namespace_not_included");
    expect(scope.outOfScope({ resource: "clusterroles.rbac.authorization.k8s.io", name: "staging" })).toBeUndefined();
  });

  it("looks at names when the namespace is in", () => {
    const scope = createScope({ names: { include: ["web*"], exclude: ["web-old"] } });
    const named = (name: string) => scope.outOfScope({ resource: "pods", namespace: "shop", name });
    expect([named("web-1"), named("web-old"), named("api")]).toEqual([undefined, "name_excluded", "name_not_included"]);
  });

  it("knows which included namespaces nobody has seen", () => {
    const scope = createScope({ namespaces: { include: ["shop", "stagng", "team-*"], exclude: [] } });
    scope.outOfScope(place("shop"));
    scope.outOfScope(place("staging"));
    expect(scope.idleNamespaces()).toEqual(["stagng", "team-*"]);
  });
});
