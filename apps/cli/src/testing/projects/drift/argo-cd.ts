import type { JsonObject } from "@kubeferry/model";
import { servers } from "@kubeferry/testbed";
import { placedIn } from "../place-objects.ts";
import { readObjects } from "../read-project.ts";
import { type Drift, drifted, withImages } from "./drift.ts";
import { domainOf, type Stage } from "./stage.ts";

/** Argo CD as a team runs it: highly available in two of four clusters, which is another manifest of the project's own. */
export async function argoCdIn(stage: Stage): Promise<JsonObject[]> {
  const folder = `${await servers.goModule("argo-cd")}/manifests`;
  const isAvailable = stage === "preprod" || stage === "prod";
  const objects = await readObjects(folder, isAvailable ? "ha/install.yaml" : "install.yaml");
  // Nobody here has an object of its types, and 24,000 equal lines of definitions would flatter every ratio.
  const installed = placedIn(
    "argocd",
    objects.filter(({ kind }) => kind !== "CustomResourceDefinition"),
  );
  return withImages(drifted([...installed, ingress(stage), ...budgets(stage)], DRIFTS, stage), imagesOf(stage));
}

const SERVER = "apps/Deployment argocd/argocd-server";
const REPO_SERVER = "apps/Deployment argocd/argocd-repo-server";
const CONTROLLER = "apps/StatefulSet argocd/argocd-application-controller";
const CONTAINER = "/spec/template/spec/containers/0";

const DRIFTS: readonly Drift[] = [
  url("dev"),
  url("test"),
  url("preprod"),
  url("prod"),
  { in: ["dev"], of: [SERVER], edits: { [`${CONTAINER}/args/-`]: "--insecure" } },
  {
    in: ["test"],
    of: [REPO_SERVER],
    edits: { [`${CONTAINER}/env/-`]: { name: "HTTPS_PROXY", value: "http://proxy.test.example.com:3128" } },
  },
  {
    in: ["test"],
    of: ["rbac.authorization.k8s.io/Role argocd/argocd-server"],
    edits: { "/rules/-": { apiGroups: ["batch"], resources: ["jobs"], verbs: ["create"] } },
  },
  { in: ["preprod"], of: [SERVER], edits: { "/spec/replicas": 2, "/metadata/labels/team": "delivery" } },
  { in: ["prod"], of: [SERVER], edits: { "/spec/replicas": 3, "/metadata/labels/team": "delivery" } },
  { in: ["prod"], of: [REPO_SERVER], edits: { "/spec/replicas": 4 } },
  {
    in: ["preprod"],
    of: [CONTROLLER, REPO_SERVER],
    edits: { [`${CONTAINER}/resources`]: { requests: { cpu: "500m", memory: "1Gi" } } },
  },
  {
    in: ["prod"],
    of: [CONTROLLER, REPO_SERVER, SERVER],
    edits: { [`${CONTAINER}/resources`]: { requests: { cpu: "2", memory: "4Gi" }, limits: { memory: "8Gi" } } },
  },
  {
    in: ["prod"],
    of: [SERVER],
    edits: {
      "/spec/template/spec/containers/-": {
        name: "audit",
        image: "ghcr.io/example/audit:2.0.1",
        args: ["--follow"],
        resources: { limits: { memory: "64Mi" } },
      },
    },
  },
  {
    in: ["prod"],
    of: ["/ConfigMap argocd/argocd-rbac-cm"],
    edits: {
      "/data": { "policy.default": "role:readonly", "policy.csv": "g, platform, role:admin\ng, shop, role:shop\n" },
    },
  },
  { in: ["prod"], of: ["/ServiceAccount argocd/argocd-server"], edits: { "/imagePullSecrets": [{ name: "mirror" }] } },
  // People sign in with the company's own there.
  {
    in: ["prod"],
    of: [
      "apps/Deployment argocd/argocd-dex-server",
      "/Service argocd/argocd-dex-server",
      "networking.k8s.io/NetworkPolicy argocd/argocd-dex-server-network-policy",
    ],
    edits: "gone",
  },
];

function url(stage: Stage): Drift {
  const edits = { "/data/url": `https://argocd.${domainOf(stage)}` };
  return { in: [stage], of: ["/ConfigMap argocd/argocd-cm"], edits };
}

function ingress(stage: Stage): JsonObject {
  const host = `argocd.${domainOf(stage)}`;
  const backend = { service: { name: "argocd-server", port: { name: "https" } } };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: {
      name: "argocd-server",
      namespace: "argocd",
      annotations: { "nginx.ingress.kubernetes.io/backend-protocol": "HTTPS" },
    },
    spec: {
      ingressClassName: "public",
      rules: [{ host, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }],
      tls: [{ hosts: [host], secretName: "argocd-server-tls" }],
    },
  };
}

function budgets(stage: Stage): JsonObject[] {
  if (stage !== "prod") return [];
  return ["argocd-server", "argocd-repo-server"].map((name) => ({
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name, namespace: "argocd" },
    spec: { minAvailable: 2, selector: { matchLabels: { "app.kubernetes.io/name": name } } },
  }));
}

const NEXT = "v3.3.0-rc2";
const PINNED = "sha256:4a5f0f6ff5b2f0d1c9b1f3a7d2e8c6b5a4938271605f4e3d2c1b0a9f8e7d6c5b";

function imagesOf(stage: Stage): (image: string) => string {
  if (stage === "dev") return (image) => image.replace(/^(quay\.io\/argoproj\/argocd):.*/, `$1:${NEXT}`);
  if (stage !== "prod") return (image) => image;
  return (image) =>
    image
      .replace(/^(quay\.io|public\.ecr\.aws|ghcr\.io)\//, "mirror.example.com/$1/")
      .replace(/(\/haproxy):.*/, `$1@${PINNED}`);
}
