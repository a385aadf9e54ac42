import { Buffer } from "node:buffer";
import { emitYaml } from "@kubeferry/clean";
import { describe, expect, it } from "vitest";
import { buildOverlay } from "./build-overlay.ts";
import { SMALL_FOLDER, SMALL_FOLDER_BUILT } from "./testing/small-folder.ts";

/** What the overlay of the small folder builds with some of its files changed; undefined takes one away. */
async function built(changed: Readonly<Record<string, string | undefined>> = {}): Promise<string> {
  const files: Readonly<Record<string, string | undefined>> = { ...SMALL_FOLDER, ...changed };
  const texts: string[] = [];
  for await (const object of buildOverlay("prod", async (path) => {
    const text = files[path];
    return text === undefined ? undefined : Buffer.from(text, "utf8");
  })) {
    texts.push(emitYaml(object));
  }
  return texts.join("---\n");
}

/** A file of the small folder with one text in it replaced. */
function edited(path: string, find: string, replace: string): Readonly<Record<string, string>> {
  const text = SMALL_FOLDER[path] ?? "";
  expect(text.split(find)).toHaveLength(2);
  return { [path]: text.replace(find, replace) };
}

const KUSTOMIZATION = "prod/kustomization.yaml";
const MERGE = "prod/patch-deployment-web.yaml";
const OPERATIONS = "prod/patch-widget.example.com-a.b.yaml";

describe("an overlay built without kustomize", () => {
  it("has the base's objects with their patches, images and replicas, and its own", async () => {
    expect(await built()).toBe(SMALL_FOLDER_BUILT);
  });

  it.each<readonly [string, Readonly<Record<string, string | undefined>>, string]>([
    ["has no kustomization", { [KUSTOMIZATION]: undefined }, "prod/kustomization.yaml is not there"],
    ["lists a file that is missing", { "base/service-web.yaml": undefined }, "base/service-web.yaml is not there"],
    ["lists a patch that is missing", { [MERGE]: undefined }, `${MERGE} is not there`],
    ["has a file that is no YAML", { [MERGE]: "a: [" }, `${MERGE} is not one document of YAML`],
    [
      "says something that no run writes",
      edited(KUSTOMIZATION, "kind: Kust", "namePrefix: x-\nkind: Kust"),
      "has namePrefix, which no run writes",
    ],
    [
      "changes images in a way that no run does",
      edited(KUSTOMIZATION, 'newTag: "1.5"', "tagSuffix: -x"),
      "has images in a way in which no run writes them",
    ],
    [
      "has a patch in its kustomization itself",
      edited(KUSTOMIZATION, "- path: patch-deployment-web.yaml", "- patch: '{}'"),
      "has patches in a way in which no run writes them",
    ],
    [
      "has a kustomization of another kind",
      edited(KUSTOMIZATION, "kind: Kustomization", "kind: Component"),
      "has kind in a way in which no run writes them",
    ],
    [
      "has a base that changes objects itself",
      edited("base/kustomization.yaml", "resources:", "replicas:\n- {count: 2, name: web}\nresources:"),
      "base/kustomization.yaml changes objects, which no run lets a base do",
    ],
    [
      "has a patch for an object that is not there",
      edited(MERGE, "  name: web\n  namespace", "  name: db\n  namespace"),
      `${MERGE} is a patch for an object that is not there`,
    ],
    [
      "has a patch for the object of another group",
      edited(KUSTOMIZATION, "example\\.com", "other\\.org"),
      `${OPERATIONS} is a patch for an object that is not there`,
    ],
    [
      "has a patch that more than one object could be the target of",
      edited(KUSTOMIZATION, "name: a\\.b", "name: a.b"),
      `${OPERATIONS} is a patch for an object that is not there`,
    ],
    [
      "has a JSON patch without our target",
      edited(
        KUSTOMIZATION,
        "  target:\n    group: example\\.com\n    kind: Widget\n    name: a\\.b\n    namespace: shop\n    version: v1\n",
        "",
      ),
      `${OPERATIONS} is listed as the other form of patch`,
    ],
    [
      "has a target that is only half of ours",
      edited(KUSTOMIZATION, "    version: v1\n", ""),
      "has patches in a way in which no run writes them",
    ],
    [
      "has a merge patch where a JSON patch is listed",
      { [OPERATIONS]: "{apiVersion: example.com/v1, kind: Widget, metadata: {name: a.b, namespace: shop}}" },
      `${OPERATIONS} is listed as the other form of patch`,
    ],
    [
      "has a patch that tests for something else",
      edited(OPERATIONS, "value: dev.example.com", "value: test.example.com"),
      `${OPERATIONS} does not fit: something else is at /spec/rules/0/host`,
    ],
    [
      "has an object twice",
      { "prod/configmap-only.yaml": SMALL_FOLDER["base/service-web.yaml"] },
      "prod/configmap-only.yaml is an object that another file holds as well",
    ],
    [
      "has replicas for nothing",
      edited(KUSTOMIZATION, "count: 3\n  name: web", "count: 3\n  name: db"),
      "has replicas for db, which is not there",
    ],
    [
      "has images beside an object at which they stop a build",
      {
        "prod/configmap-only.yaml":
          "{apiVersion: example.com/v1, kind: Widget, metadata: {name: only}, spec: {template: small}}",
      },
      "prod/configmap-only.yaml is an object at which images stop a build",
    ],
    [
      "has an object that no build gives back",
      { "prod/configmap-only.yaml": "{apiVersion: v1, kind: ConfigMap, metadata: {name: only, annotations: {}}}" },
      "prod/configmap-only.yaml does not come out of a build: kustomize drops empty annotations",
    ],
  ])("is refused where the folder %s", async (_what, changed, problem) => {
    await expect(built(changed)).rejects.toThrow(problem);
    await expect(built(changed)).rejects.toMatchObject({ kind: "damaged", operation: "build an overlay" });
  });
});
