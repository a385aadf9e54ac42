import { describe, expect, it } from "vitest";
import { loadTexts, problemsOfTexts } from "../testing/load-yaml.ts";

function gitops(section: string): string {
  return `store: { type: folder, path: /backups }\ngitops: { repository: { url: /r.git }, ${section} }\n`;
}

async function problemsIn(keys: string): Promise<readonly string[]> {
  const problems = await problemsOfTexts([gitops(`environments: { dev: { ${keys} } }`)]);
  return problems.map((problem) => problem.replace("gitops.environments.dev.", "").replace(" [a.yaml:2]", ""));
}

describe("overrides", () => {
  it("load with what is left out filled in", async () => {
    const text = gitops(
      'environments: { dev: { replicas: { web: 2 }, resources: [{ requests: { cpu: 1, memory: 1Gi } }], hosts: [{ from: "*.a.b", to: "*.c" }], patches: [{ target: { kind: Widget }, merge: { spec: { x: } } }] } }',
    );
    const { config } = await loadTexts([text]);
    expect(config.gitops?.environments.dev).toEqual({
      replicas: { web: 2 },
      resources: [{ workload: "*", container: "*", requests: { cpu: "1", memory: "1Gi" } }],
      hosts: [{ from: "*.a.b", to: "*.c" }],
      patches: [{ target: { kind: "Widget", name: "*" }, merge: { spec: { x: null } } }],
    });
  });

  const OWNED = "is written by Argo CD, kubectl, kustomize or kubeferry itself; use another key";

  it.each([
    ["replicas: { web: -1 }", "replicas.web: expected 0..100000, got -1"],
    ["replicas: { Web: 1 }", 'replicas.Web: expected a name, or a glob with * and ?, such as "web-*"'],
    [
      "resources: [{ limits: { cpu: lots } }]",
      'resources[0].limits.cpu: expected a quantity such as "250m" or "512Mi"',
    ],
    ["images: [{ from: nginx }]", "images[0]: expected one of to, tag and digest"],
    [
      `images: [{ from: nginx, tag: "1", digest: "sha256:${"0".repeat(64)}" }]`,
      "images[0]: expected either tag or digest",
    ],
    ["images: [{ from: a/, tag: '1' }]", 'images[0]: a "from" that ends in "/" is many images: drop tag and digest'],
    ["images: [{ from: a/, to: b }]", 'images[0]: expected a "to" that ends in "/" like "from"'],
    ["hosts: [{ from: '*.a', to: b }]", 'hosts[0]: expected "*." in both from and to, or in neither'],
    ["labels: { app.kubernetes.io/instance: x }", `labels.app.kubernetes.io/instance: ${OWNED}`],
    ["labels: { kubernetes.io/metadata.name: x }", `labels.kubernetes.io/metadata.name: ${OWNED}`],
    ["annotations: { argocd.argoproj.io/tracking-id: x }", `annotations.argocd.argoproj.io/tracking-id: ${OWNED}`],
    [
      "annotations: { kubectl.kubernetes.io/restartedAt: x }",
      `annotations.kubectl.kubernetes.io/restartedAt: ${OWNED}`,
    ],
    [
      "annotations: { config.kubernetes.io/local-config: x }",
      `annotations.config.kubernetes.io/local-config: ${OWNED}`,
    ],
    ["patches: [{ target: { kind: X } }]", "patches[0]: expected either merge or json"],
    ["patches: [{ target: { kind: X }, merge: {}, json: [] }]", "patches[0]: expected either merge or json"],
  ])("{ %s } are refused", async (keys, problem) => {
    const problems = await problemsIn(keys);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });

  it("by namespace are refused for environments that there are none of, and without anything that could sync", async () => {
    const text = gitops(
      'environments: { dev: , prod-eu: }, overrides: { shop: { "prod-*": { replicas: 1 }, prod: { replicas: 1 }, dev: { autoSync: true } } }',
    );
    expect(await problemsOfTexts([text])).toEqual([
      "gitops.overrides.shop.prod: fits no environment; there are dev, prod-eu [a.yaml:2]",
      "gitops.overrides.shop.dev.autoSync: does nothing without destination: no Application is written; add one or drop autoSync [a.yaml:2]",
    ]);
  });
});

describe("one number of replicas", () => {
  it("stands for all workloads, and another file adds names to it", async () => {
    const { config, settings } = await loadTexts([
      gitops("environments: { dev: { replicas: 3 } }, overrides: { shop: { dev: { replicas: 2 } } }"),
      "gitops: { environments: { dev: { replicas: { web: 5 } } } }\n",
    ]);
    expect(config.gitops?.environments.dev?.replicas).toEqual({ "*": 3, web: 5 });
    expect(config.gitops?.overrides.shop?.dev?.replicas).toEqual({ "*": 2 });
    expect(settings.filter(({ key }) => key.includes("replicas"))).toEqual([
      expect.objectContaining({ key: "gitops.overrides.shop.dev.replicas.*", value: 2, origin: "a.yaml:2" }),
      expect.objectContaining({ key: "gitops.environments.dev.replicas.*", value: 3, origin: "a.yaml:2" }),
      expect.objectContaining({ key: "gitops.environments.dev.replicas.web", value: 5, origin: "b.yaml:1" }),
    ]);
  });
});

describe("namespaces written as a section", () => {
  it("are the list of its names, and what stands below them are overrides", async () => {
    const { config } = await loadTexts([
      gitops(
        'namespaces: { shop: { dev: { replicas: 3 } }, "team-*": }, overrides: { shop: { dev: { labels: { a: b } } } }',
      ),
    ]);
    expect(config.gitops?.namespaces).toEqual(["shop", "team-*"]);
    expect(config.gitops?.overrides).toEqual({
      shop: { dev: { replicas: { "*": 3 }, labels: { a: "b" } } },
      "team-*": {},
    });
  });

  it("add to what an earlier source lists, which a list replaces", async () => {
    const first = gitops("namespaces: [shop]");
    const section = "gitops: { namespaces: { team: { dev: { replicas: 1 } }, shop: } }\n";
    const added = await loadTexts([first, section], { flags: { "gitops.namespaces.web.dev.replicas": "4" } });
    expect(added.config.gitops?.namespaces).toEqual(["shop", "team", "web"]);
    expect(added.config.gitops?.overrides).toMatchObject({
      team: { dev: { replicas: { "*": 1 } } },
      web: { dev: { replicas: { "*": 4 } } },
    });
    const replaced = await loadTexts([first, section, "gitops: { namespaces: [other] }\n"]);
    expect(replaced.config.gitops?.namespaces).toEqual(["other"]);
    expect(Object.keys(replaced.config.gitops?.overrides ?? {})).toEqual(["team", "shop"]);
  });
});
