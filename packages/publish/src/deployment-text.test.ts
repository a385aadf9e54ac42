import {
  createCatalog,
  type FolderPlan,
  type FolderSettings,
  NO_EFFECTS,
  namespaceFolder,
  namespacesShape,
  textContent,
} from "@kubeferry/layout";
import { describe, expect, it } from "vitest";
import type { GroupFacts } from "./deployment-groups.ts";
import { deploymentLines } from "./deployment-text.ts";

const PLAIN: FolderSettings = {
  places: [{ destination: { server: "https://one", cluster: { domain: "a", name: "other" } } }],
  clusters: [],
  namespace: undefined,
  overridden: true,
  reason: undefined,
  autoSync: false,
  prune: false,
  selfHeal: false,
  syncOptions: [],
  syncWindows: [],
  layers: [],
};

function ref(namespace: string, name: string, kind = "ConfigMap") {
  return { group: "", resource: `${kind.toLowerCase()}s`, kind, namespace, name };
}

/** A folder from which objects go, with one that is new; deployed in prod from as many places as are named. */
function folder(
  namespace: string,
  gone: readonly ReturnType<typeof ref>[],
  places: readonly string[] = [""],
): FolderPlan {
  const root = namespaceFolder(namespace);
  const paths = places.map((place) => `prod/application${place === "" ? "" : `-${place}`}.yaml`);
  const fresh = ref(namespace, "new");
  const inProd = { added: [fresh], changed: [], removed: gone, images: [] };
  const inDev = { ...inProd, added: [fresh, ref(namespace, "dev")] };
  return {
    folder: root,
    effects: { ...NO_EFFECTS, environments: new Map(Object.entries({ dev: inDev, prod: inProd })) },
    changes: {
      added: [
        { path: `${root}/base/configmap-new.yaml`, object: fresh },
        { path: `${root}/dev/configmap-dev.yaml`, object: ref(namespace, "dev") },
      ],
      changed: [],
      removed: gone.map((object) => ({ path: `${root}/base/${object.name}.yaml`, object })),
    },
    wanted: new Map(paths.map((path) => [path, { content: textContent("") }])),
    kept: 0,
    warnings: [],
  };
}

function lines(
  folders: readonly FolderPlan[],
  settingsOf: (namespace: string | undefined) => Partial<FolderSettings>,
  catalog: GroupFacts["catalog"] = createCatalog(),
): string {
  const environments = ["dev", "prod"].map((name) => ({ name, source: "a/b" }));
  const facts: GroupFacts = {
    plan: { folders },
    catalog,
    shape: namespacesShape,
    environments,
    settingsOf: (namespace) => ({ ...PLAIN, namespace, ...settingsOf(namespace) }),
  };
  return deploymentLines(facts).join("\n");
}

describe("what merging does", () => {
  it("begins with what Argo CD deletes by itself, by name, and without what it is told never to prune", () => {
    const gone = [ref("shop", "old"), ref("shop", "data", "PersistentVolumeClaim")];
    const text = lines([folder("shop", gone)], () => ({ autoSync: true, prune: true }));
    expect(text).toMatch(
      /^\*\*Merging this makes Argo CD delete 1 object in `https:\/\/one` \(prod, `prune` is on\):\*\* `ConfigMap shop\/old`\.\n/,
    );
    expect(text).toContain(
      "1 object will be created, 0 objects changed. 1 object will be deleted. 1 object will be shown as no longer in Git; Argo CD does not remove it by itself.",
    );
  });

  it("says nothing of deletions where the cluster is the source, from which the objects are gone already", () => {
    const cluster = { domain: "a", name: "b" };
    const places = [{ destination: { server: "https://one", cluster } }];
    const settings = { places, autoSync: true, prune: true };
    const text = lines([folder("shop", [ref("shop", "old")])], () => settings);
    expect(text).not.toContain("delete");
    expect(text).toContain("1 object already gone from it leaves Git.");
  });

  it("warns of deletions in a cluster of which nobody said which it is", () => {
    const places = [{ destination: { server: "https://one" } }];
    const text = lines([folder("shop", [ref("shop", "old")])], () => ({ places, autoSync: true, prune: true }));
    expect(text).toMatch(
      /^\*\*Merging this makes Argo CD delete 1 object .* unless it is the cluster this was read from:/,
    );
  });

  it("names the namespaces that go elsewhere than the rest of their environment, and those that are renamed there", () => {
    const other = [{ destination: { name: "two", cluster: { domain: "a", name: "two" } } }];
    const text = lines([folder("shop", []), folder("team", [])], (namespace) =>
      namespace === "team" ? { places: other, namespace: "team-live" } : {},
    );
    expect(text).toContain("- **prod** (`https://one`; `shop`) waits until somebody presses sync.");
    expect(text).toContain("- **prod** (`two`; `team` as `team-live`) waits until somebody presses sync.");
  });

  it("has one line for each of several places, by their names", () => {
    const places = ["eu", "us"].map((name) => ({ name, destination: { server: `https://${name}` } }));
    const text = lines([folder("shop", [], ["eu", "us"])], () => ({ places }));
    expect(text).toContain("- **prod** (`eu`: `https://eu`) waits");
    expect(text).toContain("- **prod** (`us`: `https://us`) waits");
  });

  it("counts the objects that the configuration changes for an environment", () => {
    const catalog = createCatalog();
    const [live, small] = [textContent("replicas: 3\n"), textContent("replicas: 1\n")];
    const variants = new Map([["prod", small]]);
    catalog.add("namespaces/shop", "a/b", ref("shop", "web"), live, { variants });
    catalog.add("namespaces/shop", "a/b", ref("shop", "same"), live, { variants: new Map([["prod", live]]) });
    catalog.add("namespaces/shop", "a/b", ref("shop", "gone"), live, { leftOutOf: new Set(["prod"]) });
    const text = lines([folder("shop", [])], () => ({}), catalog);
    expect(text).toContain("2 objects of it are as configured, not as in the cluster this was read from.");
  });
});
