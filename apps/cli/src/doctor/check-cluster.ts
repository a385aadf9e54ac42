import { type KubeApi, KubeError } from "@kubeferry/kube";
import { type Call, clusterPath, type ResourceType, typeName } from "@kubeferry/model";
import type { Config } from "@kubeferry/shared-config";
import pMap from "p-map";
import { z } from "zod";
import { connectCluster } from "../compose/connect.ts";
import { check, type Finding } from "./check.ts";

const REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
const reviewSchema = z.looseObject({ status: z.looseObject({ allowed: z.boolean() }) });

/** API reach, identity, and the right to list each type. */
export async function checkCluster(config: Config, call: Call): Promise<Finding[]> {
  const findings: Finding[] = [];
  let kube: KubeApi | undefined;
  const reach = await check("cluster", "kubectl cluster-info", async () => {
    kube = await connectCluster(config, call);
    const identity = await kube.identify(config.cluster, call);
    return `${clusterPath(identity)} at ${kube.description} (name from ${identity.nameSource}, domain from ${identity.domainSource})`;
  });
  findings.push(reach);
  if (kube === undefined) return findings;
  try {
    if (reach.ok) findings.push(...(await checkTypes(kube, config, call)));
  } finally {
    await kube.close();
  }
  return findings;
}

async function checkTypes(kube: KubeApi, config: Config, call: Call): Promise<Finding[]> {
  const discovered: { types: readonly ResourceType[] } = { types: [] };
  const discovery = await check("discovery", "kubectl api-resources", async () => {
    const { types, stale } = await kube.discover(call);
    discovered.types = types;
    const silent = stale.map(({ group, reason }) => `${group} (${reason})`).join(", ");
    return `${types.length} types can be listed${silent === "" ? "" : `; not answering: ${silent}`}`;
  });
  const { createSelection } = await import("@kubeferry/backup");
  const selection = createSelection(config.backup);
  // What a run leaves out needs no right.
  const asked = discovered.types.filter((type) => selection.verdict(type).taken);
  const concurrency = config.kubernetes.concurrency;
  const ask = (type: ResourceType) => checkRight({ kube, type, ...selection.objects(type) }, call);
  const rights = await pMap(asked, ask, { concurrency, signal: call.signal });
  const missing = rights.filter((finding) => !finding.ok);
  const granted = {
    check: "rights",
    ok: true,
    detail: `may list ${rights.length - missing.length} of ${rights.length} types`,
  };
  return [discovery, granted, ...missing];
}

interface AskedRight {
  readonly kube: KubeApi;
  readonly type: ResourceType;
  /** Where a right in each of these is as good as one in the whole cluster. */
  readonly plainNamespaces: readonly string[] | undefined;
}

function checkRight({ kube, type, plainNamespaces }: AskedRight, call: Call): Promise<Finding> {
  const name = typeName(type);
  const command = `kubectl auth can-i list ${name} --all-namespaces`;
  return check(`right to list ${name}`, `${command}; grant get and list on it in the ClusterRole`, async () => {
    if (await mayList(kube, type, undefined, call)) return "allowed";
    const rights = (plainNamespaces ?? []).map((namespace) => mayList(kube, type, namespace, call));
    if (rights.length > 0 && (await Promise.all(rights)).every(Boolean))
      return "allowed in the namespaces that are named";
    throw new KubeError({ kind: "forbidden", who: "kube", operation: `list ${name}`, problem: "this user may not" });
  });
}

async function mayList(
  kube: KubeApi,
  { group, resource }: ResourceType,
  namespace: string | undefined,
  call: Call,
): Promise<boolean> {
  const resourceAttributes = { group, resource, verb: "list", ...(namespace === undefined ? {} : { namespace }) };
  const body = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: { resourceAttributes },
  };
  const answer = reviewSchema.parse(JSON.parse((await kube.review(REVIEWS, body, call)).toString("utf8")));
  return answer.status.allowed;
}
