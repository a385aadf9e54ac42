import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { parseYamlStream } from "@kubeferry/clean";
import { isJsonObject, type JsonObject } from "@kubeferry/model";
import { servers } from "@kubeferry/testbed";
import { CERT_MANAGER_OBJECTS } from "../cert-manager-objects.ts";
import { readObjects } from "../read-project.ts";
import { type Drift, drifted } from "./drift.ts";
import { domainOf, type Stage } from "./stage.ts";

/** cert-manager from its own chart, with other values in each cluster, and what people ask of it. */
export async function certManagerIn(stage: Stage): Promise<JsonObject[]> {
  const folder = await servers.goModule("cert-manager");
  const definitions = ["certificates", "issuers"].map((name) => `deploy/crds/cert-manager.io_${name}.yaml`);
  const chart = await rendered(`${folder}/deploy/charts/cert-manager`, VALUES[stage]);
  const asked = CERT_MANAGER_OBJECTS.filter(({ kind }) => kind !== "ClusterIssuer");
  const objects = [...(await readObjects(folder, ...definitions)), ...chart.filter(isQuiet), ...asked];
  return drifted(objects, DRIFTS, stage);
}

/** A webhook that nobody answers here would refuse the certificates. */
function isQuiet({ kind }: JsonObject): boolean {
  return !String(kind).endsWith("WebhookConfiguration");
}

const SMALL = { requests: { cpu: "10m", memory: "32Mi" } };
const LARGE = { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "512Mi" } };
const SPREAD = [{ key: "dedicated", operator: "Equal", value: "platform", effect: "NoSchedule" }];

const VALUES: Readonly<Record<Stage, JsonObject>> = {
  dev: values("v1.21.2", { global: { logLevel: 5 }, extraArgs: ["--max-concurrent-challenges=5"] }),
  test: values("v1.21.2", { resources: SMALL, featureGates: "AdditionalCertificateOutputFormats=true" }),
  preprod: values("v1.21.1", { replicaCount: 2, resources: LARGE, webhook: { replicaCount: 2 } }),
  prod: values("v1.21.1", {
    imageRegistry: "mirror.example.com",
    imageNamespace: "quay.io/jetstack",
    replicaCount: 3,
    resources: LARGE,
    podDisruptionBudget: { enabled: true },
    tolerations: SPREAD,
    extraEnv: [{ name: "HTTPS_PROXY", value: "http://proxy.example.com:3128" }],
    webhook: { replicaCount: 3, podDisruptionBudget: { enabled: true }, tolerations: SPREAD },
    cainjector: { replicaCount: 2, extraArgs: ["--leader-election-lease-duration=120s"] },
    prometheus: { servicemonitor: { enabled: true, labels: { team: "platform" } } },
  }),
};

function values(version: string, { global = {}, webhook = {}, cainjector = {}, ...more }: JsonObject): JsonObject {
  const image = { tag: version };
  return {
    ...more,
    image,
    global: { ...(global as JsonObject), leaderElection: { namespace: "cert-manager" } },
    webhook: { ...(webhook as JsonObject), image },
    cainjector: { ...(cainjector as JsonObject), image },
    startupapicheck: { enabled: false },
  };
}

const CERTIFICATE = "cert-manager.io/Certificate cert-manager/shop";

const DRIFTS: readonly Drift[] = [
  ...(["dev", "test", "preprod"] as const).map((stage): Drift => {
    const name = `shop.${domainOf(stage)}`;
    return {
      in: [stage],
      of: [CERTIFICATE],
      edits: { "/spec/commonName": name, "/spec/dnsNames": [name, `*.${name}`] },
    };
  }),
  { in: ["prod"], of: [CERTIFICATE], edits: { "/spec/privateKey/size": 384, "/spec/dnsNames/-": "shop.example.org" } },
  {
    in: ["prod"],
    of: ["cert-manager.io/Issuer cert-manager/internal-ca"],
    edits: { "/spec": { ca: { secretName: "internal-ca", crlDistributionPoints: ["http://crl.example.com/ca.crl"] } } },
  },
  {
    in: ["test"],
    of: ["apiextensions.k8s.io/CustomResourceDefinition /certificates.cert-manager.io"],
    edits: { "/metadata/labels": { team: "platform" } },
  },
  // From a release before.
  {
    in: ["prod"],
    of: ["apiextensions.k8s.io/CustomResourceDefinition /certificates.cert-manager.io"],
    edits: {
      "/metadata/annotations/controller-gen.kubebuilder.io~1version": "v0.19.0",
      "/spec/versions/0/additionalPrinterColumns/2": undefined,
    },
  },
];

async function rendered(chart: string, chartValues: JsonObject): Promise<JsonObject[]> {
  const args = ["template", "cert-manager", chart, "--namespace", "cert-manager", "--values", "-"];
  const child = spawn(servers.binary("helm"), args, { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify(chartValues));
  return parseYamlStream(await text(child.stdout)).filter(isJsonObject);
}
