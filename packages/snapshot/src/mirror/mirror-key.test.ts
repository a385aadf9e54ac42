import { objectKey } from "@kubeferry/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isMirrorKey, mirrorKey } from "./mirror-key.ts";
import { PLAIN_TYPES } from "./plain-types.ts";

function keyOf(group: string, resource: string, namespace: string | undefined, name: string): string {
  return mirrorKey({ group, resource, namespaced: namespace !== undefined }, objectKey(namespace, name));
}

describe("mirrorKey", () => {
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
          expect(isMirrorKey(key)).toBe(true);
          for (const segment of key.split("/")) expect(segment.length).toBeLessThanOrEqual(255);
        }
      }),
      { numRuns: 500 },
    );
  });
});
