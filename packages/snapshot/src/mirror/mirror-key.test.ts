import { objectKey } from "@kubeferry/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mirrorKeys, mirrorKeysOf } from "./mirror-key.ts";
import { PLAIN_TYPES } from "./plain-types.ts";

function keyOf(group: string, resource: string, namespace: string | undefined, name: string): string {
  return mirrorKeys().of(typeOf(group, resource, namespace), objectKey(namespace, name));
}

function typeOf(group: string, resource: string, namespace: string | undefined, kind = "Thing") {
  return { group, resource, kind, namespaced: namespace !== undefined };
}

describe("the keys of a mirror", () => {
  it("writes built-in types without a group and all others with theirs", () => {
    expect(keyOf("apps", "deployments", "shop", "web")).toBe("shop/deployments/web.yaml");
    expect(keyOf("", "configmaps", "shop", "web")).toBe("shop/configmaps/web.yaml");
    expect(keyOf("rbac.authorization.k8s.io", "clusterroles", undefined, "view")).toBe(
      "_cluster/clusterroles/view.yaml",
    );
    expect(keyOf("route.openshift.io", "routes", "shop", "web")).toBe("shop/routes.route.openshift.io/web.yaml");
  });

  it("keeps one plural of two groups apart, also of a group that has plain types", () => {
    expect(keyOf("serving.knative.dev", "services", "shop", "web")).toBe("shop/services.serving.knative.dev/web.yaml");
    expect(keyOf("events.k8s.io", "events", "shop", "web")).toBe("shop/events.events.k8s.io/web.yaml");
    expect(keyOf("apps", "services", "shop", "web")).toBe("shop/services.apps/web.yaml");
    expect(keyOf("constructor", "services", "shop", "web")).toBe("shop/services.constructor/web.yaml");
    expect(keyOf("y.z", "x", "shop", "web")).not.toBe(keyOf("z", "x.y", "shop", "web"));
  });

  it("has no plural twice among the types that are written without a group", () => {
    const plurals = Object.values(PLAIN_TYPES).flat();
    expect(plurals.length).toBe(new Set(plurals).size);
  });

  it("escapes names that a file system or a URL would misread, and marks capitals", () => {
    expect(keyOf("rbac.authorization.k8s.io", "clusterroles", undefined, "system:node")).toBe(
      "_cluster/clusterroles/system%3Anode.yaml",
    );
    expect(keyOf("rbac.authorization.k8s.io", "roles", "shop", "team")).toBe("shop/roles/team.yaml");
    expect(keyOf("rbac.authorization.k8s.io", "roles", "shop", "Team")).toMatch(
      /^shop\/roles\/Team~[0-9a-f]{16}\.yaml$/,
    );
  });

  it("never leads into the folders that this project keeps for itself, nor out of the cluster's", () => {
    expect(keyOf("", "configmaps", "_snapshots", "default")).toBe("%5Fsnapshots/configmaps/default.yaml");
    expect(keyOf("", "configmaps", "_cluster", "a")).toBe("%5Fcluster/configmaps/a.yaml");
    expect(keyOf("", "configmaps", "..", "..")).toBe("%2E./configmaps/%2E..yaml");
  });

  it("gives every object a key of its own, whose segments every store takes", () => {
    const name = fc.oneof(
      fc.string({ minLength: 1, unit: "binary", maxLength: 300 }),
      fc.constantFrom(
        "a".repeat(253),
        "a".repeat(200),
        `${"a".repeat(252)}b`,
        ":".repeat(253),
        "Team",
        "team",
        "..",
        "\u{10000}",
        "\ue000",
      ),
    );
    const part = name.filter((text) => !text.includes("/") && text.isWellFormed());
    const type = fc.tuple(
      fc.constantFrom("", "apps", "x.y", "a".repeat(253)),
      fc.constantFrom("services", "deployments", "s".repeat(63)),
    );
    const object = fc.tuple(type, fc.option(part, { nil: undefined }), part);
    fc.assert(
      fc.property(fc.uniqueArray(object, { selector: (one) => JSON.stringify(one), maxLength: 20 }), (objects) => {
        const keys = objects.map(([[group, resource], namespace, text]) => keyOf(group, resource, namespace, text));
        expect(new Set(keys.map((key) => key.toLowerCase())).size).toBe(keys.length);
        for (const key of keys) {
          expect(mirrorKeys().isKey(key)).toBe(true);
          for (const segment of key.split("/")) expect(segment.length).toBeLessThanOrEqual(255);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("templates", () => {
  function keyBy(template: string, type: [group: string, resource: string, kind: string], namespace?: string): string {
    const [group, resource, kind] = type;
    return mirrorKeys(template).of(typeOf(group, resource, namespace, kind), objectKey(namespace, "web"));
  }

  it("write singular kinds in lower case, those of other groups with their group", () => {
    const template = "{namespace}/{kind}/{name}";
    expect(keyBy(template, ["apps", "deployments", "Deployment"], "argo")).toBe("argo/deployment/web.yaml");
    expect(keyBy(template, ["", "endpoints", "Endpoints"], "argo")).toBe("argo/endpoints/web.yaml");
    expect(keyBy(template, ["networking.k8s.io", "ingresses", "Ingress"], "argo")).toBe("argo/ingress/web.yaml");
    expect(keyBy(template, ["example.com", "policies", "Policy"], "argo")).toBe("argo/policy.example.com/web.yaml");
    expect(keyBy(template, ["rbac.authorization.k8s.io", "clusterroles", "ClusterRole"])).toBe(
      "_cluster/clusterrole/web.yaml",
    );
  });

  it("keep two plurals of one kind apart", () => {
    const template = "{namespace}/{kind}/{name}";
    expect(keyBy(template, ["example.com", "foos", "Foo"], "shop")).toBe("shop/foo.example.com/web.yaml");
    expect(keyBy(template, ["example.com", "foo", "Foo"], "shop")).toBe("shop/foo-foo.example.com/web.yaml");
  });

  it("put steps in any order, with names between", () => {
    const deployments: [string, string, string] = ["apps", "deployments", "Deployment"];
    expect(keyBy("objects/{resource}/{namespace}/{name}", deployments, "shop")).toBe(
      "objects/deployments/shop/web.yaml",
    );
  });

  it("know their own keys from all others", () => {
    const keys = mirrorKeys("objects/{resource}/{namespace}/{name}", "json");
    expect(keys.isKey("objects/deployments/shop/web.json")).toBe(true);
    expect(keys.isKey("objects/clusterroles/_cluster/web.json")).toBe(true);
    for (const foreign of [
      "objects/deployments/shop/web.yaml",
      "objects/deployments/_other/web.json",
      "x/a/b/c.json",
    ]) {
      expect(keys.isKey(foreign)).toBe(false);
    }
  });

  it("come back out of the fingerprint, and out of nothing else", () => {
    const keys = mirrorKeys("{namespace}/{kind}/{name}", "json");
    expect(mirrorKeysOf(keys.fingerprint)?.fingerprint).toBe(keys.fingerprint);
    expect(mirrorKeysOf("rules-1")).toBeUndefined();
  });
});
