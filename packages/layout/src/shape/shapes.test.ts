import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clustersShape } from "./clusters-shape.ts";
import { namespacesShape } from "./namespaces-shape.ts";
import { overlayPlace } from "./shape.ts";

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/);
/** As `pathSegment` gives names, whatever an object is called. */
const segment = fc.stringMatching(/^[a-z0-9_][a-z0-9._%~-]{0,10}$/);
const environment = fc.oneof(label, fc.constantFrom("cluster", "namespaces", "applications", "all", "a-cluster"));
const folder = fc.oneof(
  label.map((name) => `namespaces/${name}`),
  fc.constantFrom("namespaces/cluster", "namespaces/applications", "cluster"),
);
const inOverlay = fc
  .tuple(
    environment,
    fc.oneof(
      segment.map((name) => `${name}.yaml`),
      label.map((place) => `application-${place}.yaml`),
      fc.constantFrom("application.yaml", "kustomization.yaml", "application.argoproj.io-web.yaml"),
      segment.map((name) => `secrets/${name}.yaml`),
    ),
  )
  .map((parts) => parts.join("/"));
const inFolder = fc.oneof(inOverlay, fc.constantFrom(".kubeferry.json", "secrets.todo.md"));
const inArgoCd = fc.oneof(
  fc.constantFrom("project.yaml", ".kubeferry.json", "root.yaml"),
  environment.map((name) => `root-${name}.yaml`),
);
const logical = fc.oneof(
  fc.record({ folder, path: inFolder }),
  fc.record({ folder: fc.constant("argocd"), path: inArgoCd }),
);

/** A glob as Argo CD reads it, for what is used here: `*` goes past "/", braces hold alternatives. */
function matches(glob: string, path: string): boolean {
  const parts = glob.replace(/[.]/g, "\\.").replace(/\*/g, ".*").replace(/\{/g, "(").replace(/\}/g, ")");
  return new RegExp(`^${parts.replace(/,/g, "|")}$`).test(path);
}

describe.each([namespacesShape, clustersShape])("the shape $id", (shape) => {
  it("leads from every file to its place and back", () => {
    fc.assert(
      fc.property(logical, ({ folder, path }) => {
        expect(shape.parse(shape.place(folder, path))).toEqual({ folder, path });
      }),
      { numRuns: 3000 },
    );
  });

  it("gives no two files one place", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(logical, { minLength: 2, maxLength: 40, selector: (each) => JSON.stringify(each) }),
        (all) => {
          const places = all.map(({ folder, path }) => shape.place(folder, path));
          expect(new Set(places).size).toBe(all.length);
        },
      ),
    );
  });

  it("reads nothing into a place that it gives to no file", () => {
    const text = fc.array(
      fc.oneof(
        label,
        fc.constantFrom(
          "clusters",
          "namespaces",
          "cluster",
          "_all",
          "prod-cluster",
          "applications",
          "environments",
          "argocd",
          "application.yaml",
          "root.yaml",
          "a.b.yaml",
          "",
        ),
      ),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(text, (parts) => {
        const place = parts.join("/");
        const found = shape.parse(place);
        if (found !== undefined) expect(shape.place(found.folder, found.path)).toBe(place);
      }),
      { numRuns: 3000 },
    );
  });

  it("writes below its roots only", () => {
    fc.assert(
      fc.property(logical, ({ folder, path }) => {
        expect(shape.roots).toContain(shape.place(folder, path).split("/")[0]);
      }),
    );
  });

  it("lets an environment's Application of Applications find its Applications and no other file", () => {
    fc.assert(
      fc.property(environment, logical, (name, { folder, path }) => {
        const { path: below, include, recurse } = shape.rootSource(name);
        const place = shape.place(folder, path);
        const prefix = below === "." ? "" : `${below}/`;
        const inside = place.slice(prefix.length);
        const read = place.startsWith(prefix) && (recurse || !inside.includes("/")) && matches(include, inside);
        const meant =
          folder !== "argocd" &&
          (path === `${name}/application.yaml` || (path.startsWith(`${name}/application-`) && path.endsWith(".yaml")));
        expect(read).toBe(meant);
      }),
      { numRuns: 3000 },
    );
  });

  it("has an overlay's files, the Application apart, in the folder that the Application names", () => {
    fc.assert(
      fc.property(folder, environment, segment, (of, name, file) => {
        expect(shape.place(of, `${name}/deployment-${file}.yaml`)).toBe(
          `${overlayPlace(shape, of, name)}/deployment-${file}.yaml`,
        );
      }),
    );
  });
});

describe("the shape clusters", () => {
  it.each([
    ["namespaces/shop", "prod/deployment-web.yaml", "clusters/prod-cluster/namespaces/shop/deployment-web.yaml"],
    ["namespaces/shop", "prod/application.yaml", "clusters/prod-cluster/applications/shop.yaml"],
    ["namespaces/shop", "prod/application-us.yaml", "clusters/prod-cluster/applications/shop.us.yaml"],
    ["cluster", "prod/clusterrole-view.yaml", "clusters/prod-cluster/cluster/clusterrole-view.yaml"],
    ["cluster", "prod/application.yaml", "clusters/prod-cluster/applications/_cluster.yaml"],
    ["namespaces/cluster", "prod/application.yaml", "clusters/prod-cluster/applications/cluster.yaml"],
    ["namespaces/shop", ".kubeferry.json", "clusters/_all/namespaces/shop/.kubeferry.json"],
    ["argocd", "project.yaml", "environments/project.yaml"],
    ["argocd", "root-prod.yaml", "environments/prod/root.yaml"],
  ])("puts %s %s at %s", (folder, path, place) => {
    expect(clustersShape.place(folder, path)).toBe(place);
  });
});
