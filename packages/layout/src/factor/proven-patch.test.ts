import { describe, expect, it } from "vitest";
import { NO_FIELDS } from "./overlay-fields.ts";
import { provenPatch } from "./proven-patch.ts";
import { deployment } from "./testing/small-objects.ts";

const THREE = { ...NO_FIELDS, replicas: [{ name: "web", count: 3 }] };
const TAG_2 = { ...NO_FIELDS, images: [{ name: "nginx", newTag: "2" }] };

describe("the patch of an object", () => {
  it("is none where the kustomization says all that differs", () => {
    const base = deployment("web", "nginx:1", 1);
    expect(provenPatch(base, deployment("web", "nginx:2", 1), TAG_2, "web")).toBe(undefined);
    expect(provenPatch(base, deployment("web", "nginx:1", 3), THREE, "web")).toBe(undefined);
  });

  it("leaves to the kustomization what that says", () => {
    const base = deployment("web", "nginx:1", 1);
    expect(provenPatch(base, deployment("web", "nginx:2", 3), THREE, "web")).toEqual({
      content: {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "web", namespace: "shop" },
        spec: { template: { spec: { containers: [{ name: "main", image: "nginx:2" }] } } },
      },
    });
  });

  it("is never given where something else would be built than what is wanted: that stops the run", () => {
    const base = deployment("web", "nginx:1", 1);
    expect(() => provenPatch(base, deployment("web", "nginx:1", 5), THREE, "Deployment shop/web")).toThrow(
      "gitops: factor Deployment shop/web: its base, patches and images do not build what the environment has",
    );
    expect(() => provenPatch(base, base, TAG_2, "Deployment shop/web")).toThrow(
      "do not build what the environment has",
    );
  });
});
