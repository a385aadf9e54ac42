import {
  createCatalog,
  createFindings,
  type Environment,
  type FolderPlan,
  NO_EFFECTS,
  namespacesShape,
  type Plan,
  type SettingsOf,
  textContent,
} from "@kubeferry/layout";
import type { BlockedObject } from "@kubeferry/model";
import type { DestinationConfig } from "@kubeferry/shared-config";
import { describe, expect, it } from "vitest";
import { type RequestFacts, requestBody, requestTitle } from "./request-text.ts";

const SETTINGS = { group: "", resource: "configmaps", kind: "ConfigMap", namespace: "shop", name: "settings" };
const WEB = { group: "apps", resource: "deployments", kind: "Deployment", namespace: "shop", name: "web" };

const WRITTEN = { content: textContent("") };

const SHOP = { added: [SETTINGS], changed: [], removed: [WEB], images: [] };

const PLAN: Plan = {
  folders: [
    {
      folder: "namespaces/shop",
      effects: { ...NO_EFFECTS, environments: new Map(["dev", "test", "prod"].map((name) => [name, SHOP])) },
      changes: {
        added: [{ path: "namespaces/shop/base/configmap-settings.yaml", object: SETTINGS }],
        changed: [{ path: "namespaces/shop/base/kustomization.yaml" }],
        removed: [{ path: "namespaces/shop/base/deployment-web.yaml", object: WEB, moved: false }],
      },
      wanted: new Map(["dev", "test", "prod"].map((name) => [`${name}/application.yaml`, WRITTEN])),
      kept: 3,
      warnings: [],
    },
  ],
};

const ODD: BlockedObject = { object: "ConfigMap shop/odd", reason: "kustomize cannot carry U+0085" };

const LEFT_OUT = { group: "", resource: "pods", kind: "Pod", namespace: "shop", name: "x" };

const HERE = { domain: "a", name: "b" };

interface Deployed extends Environment {
  readonly autoSync?: boolean;
  readonly destination?: DestinationConfig;
}

function settingsOf(environments: readonly Deployed[]): SettingsOf {
  return (_, environment) => {
    const { autoSync = false, destination } = environments.find(({ name }) => name === environment) ?? {};
    const places = destination === undefined ? [] : [{ destination }];
    const plain = { clusters: [], namespace: "shop", overridden: false, reason: undefined, layers: [] };
    const unused = { ...plain, prune: false, selfHeal: false, syncOptions: [], syncWindows: [] };
    return { ...unused, places, autoSync };
  };
}

/** What came out of a store says something about itself that a report repeats. */
const SOURCE: RequestFacts["sources"][number] = {
  id: "a/b",
  origin: { cluster: "a/b", uid: "u", series: "default" },
  snapshotKey: "a/b/_snapshots/default/0000000001.json",
  takenAt: "2026-11-21T06:00:00Z",
  warnings: ["a/b: widgets was unread (forbidden)", "a/b: x.yaml: its path says @all [click](https://example.com)"],
};

function body(
  environments: readonly Deployed[],
  leftOut: readonly string[] = [],
  blocked: readonly BlockedObject[] = [ODD],
  argocd?: FolderPlan,
): string {
  const findings = createFindings();
  findings.take("namespaces/shop");
  for (const reason of leftOut) findings.leaveOut("namespaces/shop", reason, LEFT_OUT);
  findings.noteSecret({
    folder: "namespaces/shop",
    source: "a/b",
    name: "db|`x",
    content: { type: "Opaque", keys: ["password"] },
    value: "present",
  });
  const frozen = [{ folder: "namespaces/team", files: ["base/role-x.yaml"] }];
  const facts = {
    plan: { folders: [...PLAN.folders, ...(argocd === undefined ? [] : [argocd])] },
    catalog: createCatalog(),
    findings,
    sources: [SOURCE],
    environments,
    settingsOf: settingsOf(environments),
    blocked,
    frozen,
    shape: namespacesShape,
    runId: "r-1",
    toolVersion: "0.1.0",
  };
  return requestBody(facts);
}

/** The text of a plain plan, with the trace of its run. */
function tracedBody(traceId: string): string {
  const environments: readonly Deployed[] = [{ name: "dev", source: "a/b" }];
  const lists = { sources: [SOURCE], environments, blocked: [], frozen: [] };
  const made = { plan: PLAN, catalog: createCatalog(), findings: createFindings(), shape: namespacesShape };
  const run = { runId: "r-1", toolVersion: "0.1.0", traceId };
  return requestBody({ ...lists, ...made, ...run, settingsOf: settingsOf(environments) });
}

describe("a request's text", () => {
  it("names the trace of the run, where it is in one", () => {
    const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    expect(tracedBody(traceId)).toContain(`- run \`r-1\`, trace \`${traceId}\`, kubeferry 0.1.0\n`);
    expect(body([{ name: "dev", source: "a/b" }])).toContain("- run `r-1`, kubeferry 0.1.0\n");
  });

  it("begins with what merging does where nothing is deployed", () => {
    expect(body([{ name: "dev", source: "a/b", autoSync: false }])).toMatch(
      /^## What happens when this is merged\n\nNothing in any cluster: no environment has a destination/,
    );
  });

  it("tells the source cluster from another one, and syncing by itself from waiting", () => {
    const text = body([
      { name: "dev", source: "a/b", autoSync: true, destination: { server: "https://one", cluster: HERE } },
      { name: "test", source: "a/b", autoSync: false, destination: { server: "https://unsaid" } },
      {
        name: "prod",
        source: "a/b",
        autoSync: false,
        destination: { name: "two", cluster: { domain: "a", name: "other" } },
      },
    ]);
    expect(text).toContain(
      "- **dev** (`https://one`) is synced by Argo CD by itself. It is the cluster this was read from: syncing sets Argo CD's own annotations and changes nothing else. 1 object already gone from it leaves Git.",
    );
    expect(text).toContain(
      "- **test** (`https://unsaid`) waits until somebody presses sync. It is taken for the cluster this was read from, since its `destination.cluster` is left out: there syncing sets Argo CD's own annotations and changes nothing else; in any other cluster it creates and changes what is listed below.",
    );
    expect(text).toContain(
      "- **prod** (`two`) waits until somebody presses sync. It is another cluster: 1 object will be created, 0 objects changed. 1 object will be shown as no longer in Git; Argo CD does not remove it by itself.",
    );
  });

  it("says of an earlier time of the source cluster that a sync takes it back", () => {
    const earlier = { cluster: "a/b", at: "2026-11-21T06:00:00Z" };
    const source = "a/b@2026-11-21T06:00:00Z";
    const destination = { server: "https://one", cluster: HERE };
    expect(body([{ name: "prod", source, earlier, destination }])).toContain(
      "- **prod** (`https://one`) waits until somebody presses sync. It is, or is taken for, the cluster this was read from, and was read as it was at 2026-11-21T06:00:00Z: syncing takes it back to that time.",
    );
  });

  it("names everything that was set aside, in words that no name can break out of", () => {
    const text = body([], ["Helm", "Helm", "finished Job"]);
    for (const line of [
      "| `namespaces/shop` | 1 | 0 | 1 |",
      "- `Deployment shop/web`",
      "- `namespaces/shop: db¦'x` (`password`)",
      "- `namespaces/team`: `base/role-x.yaml`",
      "- `ConfigMap shop/odd`: kustomize cannot carry U+0085",
      "- `Helm`: 2 objects",
      "- `namespaces/shop`: 3 objects",
      "- over half of `namespaces/shop` is looked after by others: `Helm`, `finished Job`",
      "- run `r-1`, kubeferry 0.1.0",
    ]) {
      expect(text.split("\n")).toContain(line);
    }
  });

  it("gives a stranger's words no meaning, wherever they come from", () => {
    const text = body(
      [],
      ["Argo CD Application x\n## @all [click](https://example.com)", "Helm"],
      [{ object: "Widget shop/odd", reason: "kustomize cannot carry U+0085, at /spec/a\n@all *now*" }],
    );
    expect(text).toContain("- `Widget shop/odd`: `kustomize cannot carry U+0085, at /spec/a?@all *now*`");
    expect(text).toContain(
      "over half of `namespaces/shop` is looked after by others: `Argo CD Application x?## @all [click](https://example.com)`, `Helm`",
    );
    expect(text).toContain("- a/b: widgets was unread (forbidden)\n");
    expect(text).toContain("- `a/b: x.yaml: its path says @all [click](https://example.com)`\n");
    expect(text.replace(/`[^`\n]*`/g, "")).not.toContain("@all");
  });

  it("says when the project changes, which no Application brings", () => {
    const argocd = (path: string) => ({
      folder: "argocd",
      changes: { added: [], changed: [{ path }], removed: [] },
      effects: NO_EFFECTS,
      wanted: new Map(),
      kept: 0,
      warnings: [],
    });
    const note = "`kubectl apply -f argocd/project.yaml`";
    const prod = [{ name: "prod", source: "a/b", autoSync: false, destination: { server: "https://one" } }];
    expect(body(prod, [], [], argocd("argocd/project.yaml"))).toContain(note);
    expect(body(prod, [], [], argocd("argocd/root-prod.yaml"))).not.toContain(note);
  });

  it("says what becomes of each environment of several clusters, and where only the base follows", () => {
    const base = { ...NO_EFFECTS.base, followed: [WEB], keeping: ["test"] };
    const prod = { added: [], changed: [WEB], removed: [], images: [{ before: "web:1", after: "web:2" }] };
    const folder = {
      folder: "namespaces/more",
      changes: { added: [], changed: [], removed: [] },
      effects: { environments: new Map([["prod", prod]]), dropped: [], base },
      wanted: new Map(),
      kept: 0,
      warnings: [],
    };
    const environments = ["test", "prod"].map((name) => ({ name, source: `a/${name}` }));
    const lines = body(environments, [], [], folder).split("\n");
    expect(lines).toContain(
      "- **prod**: 1 new (`ConfigMap shop/settings`), 1 changed (`Deployment shop/web`), 1 removed (`Deployment shop/web`); images: `web` `1` → `2`",
    );
    expect(lines).toContain(
      "- `namespaces/more`: the base follows most environments, or the first of equally many, in 1 object (`Deployment shop/web`). Overlays are rewritten for that: nothing changes in **test**.",
    );
  });

  it("gives the command that lets a new SealedSecret take over the Secret that is there, and none for another kind", () => {
    const sealed = (name: string, kind: string) => ({
      path: `namespaces/shop/base/${kind.toLowerCase()}-${name}.yaml`,
      object: { group: "example.com", resource: "any", kind, namespace: "shop", name },
      content: { ...textContent("x"), secret: {} },
    });
    const added = [sealed("db", "SealedSecret"), sealed("tls", "ExternalSecret")];
    const folder = { folder: "namespaces/shop", changes: { added, changed: [], removed: [] } };
    const text = body([], [], [], { ...folder, effects: NO_EFFECTS, wanted: new Map(), kept: 0, warnings: [] });
    expect(text.match(/kubectl .* annotate .*/g)).toEqual([
      "kubectl --namespace shop annotate secret db sealedsecrets.bitnami.com/managed=true`",
    ]);
    expect(body([])).not.toContain("annotate");
  });

  it("counts objects, not files, in the title", () => {
    expect(requestTitle({ plan: PLAN, sources: [] })).toMatch(/1 new, 0 changed, 1 removed$/);
  });
});
