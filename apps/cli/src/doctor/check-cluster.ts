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
  const { skipReason, wishesOf } = await import("@kubeferry/backup");
  const wishes = wishesOf(config.backup);
  // What a run leaves out needs no right.
  const asked = discovered.types.filter((type) => skipReason(type, wishes) === undefined);
  const concurrency = config.kubernetes.concurrency;
  const rights = await pMap(asked, (type) => checkRight(kube, type, call), { concurrency, signal: call.signal });
  const missing = rights.filter((finding) => !finding.ok);
  const granted = {
    check: "rights",
    ok: true,
    detail: `may list ${rights.length - missing.length} of ${rights.length} types`,
  };
  return [discovery, granted, ...missing];
}

function checkRight(kube: KubeApi, type: ResourceType, call: Call): Promise<Finding> {
  const name = typeName(type);
  const command = `kubectl auth can-i list ${name} --all-namespaces`;
  return check(`right to list ${name}`, `${command}; grant get and list on it in the ClusterRole`, async () => {
    const resourceAttributes = { group: type.group, resource: type.resource, verb: "list" };
    const body = {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectAccessReview",
      spec: { resourceAttributes },
    };
    const answer = reviewSchema.parse(JSON.parse((await kube.review(REVIEWS, body, call)).toString("utf8")));
    if (answer.status.allowed) return "allowed";
    throw new KubeError({ kind: "forbidden", who: "kube", operation: `list ${name}`, problem: "this user may not" });
  });
}
