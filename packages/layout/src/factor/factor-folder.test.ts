import type { JsonObject } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import type { FolderObject } from "./testing/folders.ts";
import { layOut } from "./testing/lay-out.ts";
import { deployment, FOUR, object, parsed, paths, settings } from "./testing/small-objects.ts";

const TWO = FOUR.slice(0, 2);

function ofGroup(group: string, deploymentOfApps: JsonObject): JsonObject {
  return { ...deploymentOfApps, apiVersion: `${group}/v1` };
}

/** What an overlay's kustomization says beside what it lists. */
function said(files: Readonly<Record<string, string>>, environment: string): JsonObject {
  const { images = [], replicas = [] } = parsed(files[`${environment}/kustomization.yaml`] ?? "");
  return { images, replicas };
}

describe("an object of several clusters", () => {
  it("has in the base what most of them have, of each field, and in patches what the others have", async () => {
    const of = (a: string, b: string) => settings({ a, b, c: "same", d: "same" });
    const files = await layOut([object(of("1", "2"), of("1", "1"), of("2", "1"), of("1", "1"))], FOUR);
    expect(paths(files)).toEqual([
      "base/configmap-settings.yaml",
      "dev/patch-configmap-settings.yaml",
      "preprod/patch-configmap-settings.yaml",
    ]);
    expect(parsed(files["base/configmap-settings.yaml"] ?? "")).toEqual(of("1", "1"));
    expect(parsed(files["dev/patch-configmap-settings.yaml"] ?? "").data).toEqual({ b: "2" });
  });

  it("has the first environment's value where equally many have each", async () => {
    const of = (a: string) => settings({ a, b: "same", c: "same" });
    const files = await layOut([object(of("x"), of("y"), of("y"), of("x"))], FOUR);
    expect(parsed(files["base/configmap-settings.yaml"] ?? "")).toEqual(of("x"));
    const other = await layOut([object(of("y"), of("x"), of("y"), of("x"))], FOUR);
    expect(parsed(other["base/configmap-settings.yaml"] ?? "")).toEqual(of("y"));
  });

  it("stands whole in each where it differs more than it agrees", async () => {
    const files = await layOut(
      [object(settings({ a: "1", b: "1", c: "1" }), settings({ a: "2", b: "2", c: "1" }))],
      TWO,
    );
    expect(paths(files)).toEqual(["dev/configmap-settings.yaml", "test/configmap-settings.yaml"]);
  });

  it("stands whole in each that has it where one does not", async () => {
    const own = settings({ a: "1" });
    const others = object(...FOUR.map(({ name }) => deployment("web", `nginx:${name}`)));
    const files = await layOut([object(own, own, own), others], FOUR);
    expect(paths(files)).toEqual([
      "base/deployment-web.yaml",
      "dev/configmap-settings.yaml",
      "preprod/configmap-settings.yaml",
      "test/configmap-settings.yaml",
    ]);
  });
});

describe("replicas", () => {
  it("are said by the kustomization, none at all included, where nothing else differs", async () => {
    const files = await layOut([object(deployment("web", "nginx:1", 1), deployment("web", "nginx:1", 0))], TWO);
    expect(said(files, "dev")).toEqual({ images: [], replicas: [] });
    expect(said(files, "test")).toEqual({ images: [], replicas: [{ count: 0, name: "web" }] });
    expect(paths(files)).toEqual(["base/deployment-web.yaml"]);
  });

  it.each([
    ["a Deployment of another group has the name", ofGroup("example.com", deployment("web", "nginx:1"))],
    ["a StatefulSet has the name", { ...deployment("web", "nginx:1"), kind: "StatefulSet" }],
  ])("are patched where %s", async (_where, twin) => {
    const objects = [object(deployment("web", "nginx:1", 1), deployment("web", "nginx:1", 3)), object(twin, twin)];
    const files = await layOut(objects, TWO);
    expect(said(files, "test").replicas).toEqual([]);
    expect(parsed(files["test/patch-deployment-web.yaml"] ?? "").spec).toEqual({ replicas: 3 });
  });

  it.each([
    ["a text", '"3"'],
    ["more than an integer holds", "1e21"],
    ["no whole number", "1.5"],
  ])("are patched where they are %s", async (_what, count) => {
    const own = (replicas: number | string) => ofGroup("example.com", deployment("web", "nginx:1", replicas));
    const files = await layOut([object(own(1), own(count))], TWO);
    expect(said(files, "test").replicas).toEqual([]);
    expect(paths(files)).toContain("test/patch-deployment.example.com-web.yaml");
  });
});

describe("images", () => {
  const changed = (before: string, after: string, name: string = "web") =>
    object(deployment(name, before), deployment(name, after));

  it("are said by the kustomization where nothing else runs an image of the name", async () => {
    const files = await layOut([changed("r:5000/web:1", "r:5000/web@sha256:ab")], TWO);
    expect(said(files, "test").images).toEqual([{ digest: "sha256:ab", name: "r:5000/web" }]);
    expect(paths(files)).toEqual(["base/deployment-web.yaml"]);
  });

  it.each<readonly [string, FolderObject]>([
    ["another object keeps the image", changed("nginx:1", "nginx:1", "other")],
    ["a custom resource runs it anywhere", kept({ steps: [{ containers: [{ image: "nginx:1" }] }] })],
    ["the name, read as a regular expression, fits another one", changed("ngi/x:1", "ngi/x:1", "other")],
    ["a text stands on the way to a pod's containers, at which a build stops", kept({ template: "small" })],
    ["null stands for a list of containers, which would become an empty one", kept({ containers: null })],
    ["a container is a text, at which a build stops", kept({ deep: { initContainers: ["x"] } })],
  ])("are patched where %s", async (_where, other) => {
    const name = _where.startsWith("the name") ? "ngi.x" : "nginx";
    const files = await layOut([changed(`${name}:1`, `${name}:2`), other], TWO);
    expect(said(files, "test").images).toEqual([]);
    expect(paths(files)).toContain("test/patch-deployment-web.yaml");
  });

  it("are patched where a digest would go, or stay, that shall not", async () => {
    const pinned = [changed("nginx:1", "nginx:2"), changed("nginx:1@sha256:ab", "nginx:2@sha256:ab", "other")];
    expect(said(await layOut(pinned, TWO), "test").images).toEqual([]);
    expect(said(await layOut([changed("nginx:1@sha256:ab", "nginx")], TWO), "test").images).toEqual([]);
  });

  it("of which one becomes another that changes too are said as far as they do not meet", async () => {
    const files = await layOut([changed("a:1", "b:1"), changed("b:1", "c:1", "other")], TWO);
    expect(said(files, "test").images).toEqual([{ name: "a", newName: "b" }]);
    expect(paths(files)).toEqual([
      "base/deployment-other.yaml",
      "base/deployment-web.yaml",
      "test/patch-deployment-other.yaml",
    ]);
  });

  it("leave alone what a patch puts there", async () => {
    const objects = [changed("a:1", "b:5"), changed("a:1", "a:1", "keeps"), changed("b:1", "b:2", "other")];
    expect(said(await layOut(objects, TWO), "test").images).toEqual([]);
  });

  it("in the definition of a type are for a patch", async () => {
    const crd = (image: string): JsonObject =>
      parsed(`
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec: {a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8, i: 9, j: 10, default: {containers: [{image: "${image}"}]}}
`);
    const files = await layOut([object(crd("nginx:1"), crd("nginx:2")), changed("nginx:1", "nginx:2")], TWO);
    expect(said(files, "test").images).toEqual([{ name: "nginx", newTag: "2" }]);
    expect(files["test/patch-customresourcedefinition-widgets.example.com.yaml"]).toContain("value: nginx:2");
  });

  function kept(spec: JsonObject): FolderObject {
    const widget = { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "w", namespace: "shop" }, spec };
    return object(widget, widget);
  }
});
