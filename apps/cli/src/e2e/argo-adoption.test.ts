import type { JsonObject } from "@kubeferry/model";
import { type FreshKubeApi, missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Adoption, adopt, type DeployedApplication, tracked } from "../testing/projects/adopted.ts";
import { CLUSTER_WIDE, everyKind } from "../testing/projects/every-kind.ts";
import { isAmong, judge, type KnownJudgement, shows, unexplained } from "../testing/projects/judged.ts";
import { bring, syncLikeArgoCd, type Way } from "../testing/projects/kubectl.ts";
import { namespacesOf, placedApart } from "../testing/projects/place-objects.ts";
import { readRealWorld, WORKING_CONTROLLERS } from "../testing/projects/real-world.ts";

const TIMEOUT_MS = 600_000;
const ARGO_CD = "gitops-tool";
const MERGE_PATCH = { "content-type": "application/merge-patch+json" };

const KNOWN: readonly KnownJudgement[] = [
  {
    of: /^autoscaling\/HorizontalPodAutoscaler every-\w+\/web$/,
    modes: ["structured-merge"],
    reason: "written through autoscaling/v1: Argo CD cannot convert what its managedFields hold to v2",
  },
  {
    of: /^every\.example\.com\/Widget every-\w+\/exact$/,
    modes: ["server-side"],
    reason: "an integer above 2^53: Argo CD reads the answer of the dry run as a floating point number",
  },
];

const NEEDED = [
  "kube-apiserver",
  "kube-controller-manager",
  "kubectl",
  "kustomize",
  "argo-oracle",
  "go-modules",
] as const;

describe.skipIf(missingServers(...NEEDED))("a cluster that Argo CD takes over", () => {
  let kube: FreshKubeApi;
  let adoption: Adoption;
  let applications: readonly DeployedApplication[];

  beforeAll(async () => {
    kube = await servers.freshKubeApi({ controllers: WORKING_CONTROLLERS });
    await fill(kube);
    await kube.apply(READ_EVERYTHING, BINDING);
    adoption = await adopt(
      {
        cluster: { name: "live", domain: "example.internal" },
        kubernetes: { kubeconfig: await kube.kubeconfigFor("collector") },
      },
      {
        namespaces: ["*"],
        argocd: { namespace: ARGO_CD },
        environments: { live: { destination: { server: "https://kubernetes.default.svc" } } },
        maxRemovals: { files: 10_000, percent: 100 },
      },
    );
    await adoption.round();
    await adoption.merge();
    applications = await adoption.applications("main");
  }, TIMEOUT_MS);
  afterAll(() => kube?.stop());

  it("shows nothing but annotations that Argo CD reads itself, in each of the ways in which it compares", {
    timeout: TIMEOUT_MS,
  }, async () => {
    const judged = await judge(kube, applications);
    expect(judged.length).toBeGreaterThan(3 * 250);
    expect(unexplained(judged, KNOWN)).toEqual([]);
    // It looks: none has been synced, so each lacks the annotation that says whose it is. What a dry run adds to a type
    // without a schema counts as a webhook's.
    const unseen = judged.filter(({ error, differences }) => error === undefined && differences.length === 0);
    expect(unseen.filter(({ id, mode }) => mode !== "server-side" || !id.includes("/Widget "))).toEqual([]);
    for (const known of KNOWN) {
      const found = judged.filter((each) => isAmong([known], each));
      expect(found.filter(shows), known.reason).not.toEqual([]);
    }
  });

  it("holds the number of an autoscaled workload's replicas where somebody asked for one, and nowhere else", () => {
    // What was applied on the server is nobody's wish any more once an autoscaler has changed it.
    for (const [namespace, scaled] of Object.entries({ "every-people": 5, "every-tool": undefined })) {
      const { objects = [], manifest } = applications.find((each) => each.namespace === namespace) ?? {};
      const deployments = objects.filter(({ kind }) => kind === "Deployment");
      const replicas = deployments.map(({ metadata, spec }) => [
        (metadata as JsonObject).name,
        (spec as JsonObject).replicas,
      ]);
      expect(Object.fromEntries(replicas)).toEqual({ free: undefined, scaled, web: 2 });
      const syncOptions = expect.arrayContaining(["RespectIgnoreDifferences=true"]);
      expect(manifest).toMatchObject({ spec: { syncPolicy: { syncOptions } } });
    }
  });

  it("takes the Applications, their project and their root as its own definitions ask for them", {
    timeout: TIMEOUT_MS,
  }, async () => {
    await kube.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: ARGO_CD } });
    const files = await adoption.repository.files("main", "argocd");
    expect(files).toEqual(["argocd/.kubeferry.json", "argocd/project.yaml", "argocd/root-live.yaml"]);
    const texts = files.slice(1).map((path) => adoption.repository.show("main", path));
    const manifests = [...(await Promise.all(texts)), ...applications.map(({ manifest }) => JSON.stringify(manifest))];
    for (const manifest of manifests) {
      const plural = manifest.includes("AppProject") ? "appprojects" : "applications";
      const path = `/apis/argoproj.io/v1alpha1/namespaces/${ARGO_CD}/${plural}?dryRun=All&fieldValidation=Strict`;
      const answer = await kube.request("POST", path, manifest, { "content-type": "application/yaml" });
      expect(answer.status, answer.body).toBe(201);
    }
  });

  it("gives no commit after the first sync, client-side or server-side, and then nothing is different any more", {
    timeout: TIMEOUT_MS,
  }, async () => {
    for (const way of ["apply", "apply --server-side"] as const) {
      const synced = applications.filter((application) => wayOf(application) === way);
      await syncLikeArgoCd(kube, synced.flatMap(tracked), way);
    }
    const { backup, gitops } = await adoption.round();
    expect(backup.changed).toBeGreaterThan(250);
    expect(await adoption.changedFiles()).toEqual([]);
    expect(gitops).toMatchObject({ commit: "", frozen: [] });
    const judged = await judge(kube, applications);
    expect(judged.filter((each) => !isAmong(KNOWN, each) && (shows(each) || each.differences.length > 0))).toEqual([]);
  });

  it("keeps in Git what a sync has made ours, when a later version leaves more out", {
    timeout: TIMEOUT_MS,
  }, async () => {
    const more = { id: "more", reason: "as a later version might", types: ["*"], remove: LATER };
    await kube.request("POST", "/apis/apps/v1/namespaces/every-people/deployments", madeByHand());
    await adoption.round({ clean: { rules: [more] } });
    const changed = await adoption.changedFiles();
    const made = changed.filter((path) => !path.endsWith("/.kubeferry.json") && !path.endsWith("/kustomization.yaml"));
    expect(made).toEqual(["namespaces/every-people/base/deployment-made.yaml"]);
    // The rule does leave it out where no sync has made it ours.
    const text = await adoption.repository.show("kubeferry/main", made[0] ?? "");
    expect(text).not.toContain("revisionHistoryLimit");
    expect(text).not.toContain("progressDeadlineSeconds");
    const later = await adoption.applications("kubeferry/main", /^(argocd|every-)/);
    const judged = (await judge(kube, later)).filter(({ id }) => !id.endsWith("/made"));
    expect(unexplained(judged, KNOWN)).toEqual([]);
  });

  it("removes nothing from Git when a right goes, or a type is filtered out", { timeout: TIMEOUT_MS }, async () => {
    const gone = "/api/v1/namespaces/every-people/configmaps/settings";
    expect((await kube.request("DELETE", gone)).status).toBe(200);
    await kube.apply({
      ...READ_EVERYTHING,
      rules: [{ apiGroups: ["", "apps"], resources: ["*"], verbs: ["get", "list"] }],
    });
    const forbidden = await adoption.round({}, 1);
    expect(forbidden.backup.unread.length).toBeGreaterThan(20);
    await kube.apply(READ_EVERYTHING);
    expect(await removedFiles()).toEqual(["namespaces/every-people/base/configmap-settings.yaml"]);

    await adoption.round({ backup: { filter: { resources: { exclude: ["deployments.apps", "clusterroles.*"] } } } });
    expect(await removedFiles()).toEqual(["namespaces/every-people/base/configmap-settings.yaml"]);
  });

  it("touches nothing of a folder when another cluster stands behind it, and says so", {
    timeout: TIMEOUT_MS,
  }, async () => {
    const before = await adoption.repository.files("kubeferry/main", ".");
    const other = { cluster: { name: "other", domain: "example.internal" } };
    const environments = { live: { cluster: "example.internal/other" } };
    const kubernetes = { kubeconfig: (await servers.kubeApi()).kubeconfig };
    const { gitops } = await adoption.round({ ...other, kubernetes, gitops: { environments } }, 1);
    expect(gitops.status).toBe("partial");
    expect(gitops.frozen).toContainEqual({ folder: "namespaces/every-people", files: [".kubeferry.json"] });
    expect(await adoption.repository.files("kubeferry/main", ".")).toEqual(expect.arrayContaining(before));
  });

  async function removedFiles(): Promise<string[]> {
    const [before, after] = await Promise.all(
      ["main", "kubeferry/main"].map((at) => adoption.repository.files(at, ".")),
    );
    return (before ?? []).filter((path) => !after?.includes(path));
  }
});

/** People brought half of it by client-side, half by server-side apply. */
async function fill(kube: FreshKubeApi): Promise<void> {
  const { argoCd, prometheusOperator, certManager, certificates, examples } = await readRealWorld();
  const byHand = [...placedApart("example", examples), ...certificates, ...everyKind("every-people")];
  const onServer = [...placedApart("served", examples, 31_500), ...everyKind("every-tool")];
  const installed = [...argoCd, ...certManager, ...CLUSTER_WIDE];
  await bring(kube, namespacesOf([...byHand, ...onServer, ...installed, ...prometheusOperator]), "apply");
  await bring(kube, installed, "apply");
  await bring(kube, prometheusOperator, "apply --server-side");
  await bring(kube, byHand, "apply");
  await bring(kube, onServer, "apply --server-side");
  for (const namespace of ["every-people", "every-tool"]) {
    for (const name of ["scaled", "free"]) {
      const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${name}/scale?fieldManager=kube-controller-manager`;
      const answer = await kube.request("PATCH", path, { spec: { replicas: 5 } }, MERGE_PATCH);
      expect(answer.status, answer.body).toBe(200);
    }
  }
}

/** What people brought in one way is synced in the other as often as in the same. */
function wayOf({ name }: DeployedApplication): Way {
  return /^(served|every-people|monitoring)/.test(name) ? "apply --server-side" : "apply";
}

/** Defaults that the first version keeps. */
const LATER = [
  "/spec/revisionHistoryLimit",
  "/spec/progressDeadlineSeconds",
  "/spec/replicas",
  "/spec/sessionAffinity",
  "/spec/strategy",
  "/spec/policyTypes",
  "/spec/template/spec/dnsPolicy",
  "/metadata/labels",
];

function madeByHand(): JsonObject {
  const template = { metadata: { labels: { app: "made" } }, spec: { containers: [{ name: "main", image: "made:1" }] } };
  const spec = { replicas: 1, selector: { matchLabels: { app: "made" } }, template };
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "made", namespace: "every-people" }, spec };
}

const READ_EVERYTHING = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRole",
  metadata: { name: "read-everything" },
  rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["get", "list"] }],
};

const BINDING = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRoleBinding",
  metadata: { name: "collector" },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "read-everything" },
  subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "collector" }],
};
