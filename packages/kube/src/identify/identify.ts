import type { Call, ClusterIdentity, IdentitySource } from "@kubeferry/model";
import { z } from "zod";
import { type Ask, parseAnswer } from "../http/ask.ts";
import { KubeError } from "../kube-error.ts";
import { METADATA_LIST } from "../list/list-path.ts";
import { agreedName, type Labelled, LabelledList, nameFromNamespaces } from "./cluster-labels.ts";
import { type HostIdentity, identityFromHost } from "./identity-from-host.ts";
import { checkedSegment, toSegment } from "./identity-segment.ts";

/** What identifying needs. */
export interface IdentifyTools {
  readonly ask: Ask;
  /** Host of the API server's address. */
  readonly host: string;
}

/** What the operator says; it wins. */
export interface ConfiguredIdentity {
  readonly name?: string;
  readonly domain?: string;
}

/**
 * Finds out who a cluster is: configuration, OpenShift's own objects, labels, the API server's host, the UID of
 * kube-system. Objects that are not there or not allowed to be read are passed over; any other failure throws, because
 * a cluster must not change its name while something is down.
 */
export async function identify(
  configured: ConfiguredIdentity,
  tools: IdentifyTools,
  call: Call,
): Promise<ClusterIdentity> {
  const given = {
    name: configured.name === undefined ? undefined : checkedSegment("name", configured.name),
    domain: configured.domain === undefined ? undefined : checkedSegment("domain", configured.domain),
  };
  const uid = await kubeSystemUid(tools, call);
  const host = identityFromHost(tools.host);
  const name = given.name === undefined ? await findName(uid, host, tools, call) : configuredAs(given.name);
  const domain = given.domain === undefined ? await findDomain(host, tools, call) : configuredAs(given.domain);
  return { name: name.value, domain: domain.value, uid, nameSource: name.source, domainSource: domain.source };
}

interface Found {
  readonly value: string;
  readonly source: IdentitySource;
}

function configuredAs(value: string): Found {
  return { value, source: "configuration" };
}

type Look = () => Promise<string | undefined> | string | undefined;

async function firstFound(looks: readonly (readonly [IdentitySource, Look])[]): Promise<Found | undefined> {
  for (const [source, look] of looks) {
    const found = await look();
    const value = found === undefined ? undefined : toSegment(found);
    if (value !== undefined) return { value, source };
  }
  return undefined;
}

async function findName(uid: string, host: HostIdentity, tools: IdentifyTools, call: Call): Promise<Found> {
  const found = await firstFound([
    ["openshift-infrastructure", () => infrastructureName(tools, call)],
    ["namespace-label", async () => nameFromNamespaces(await labelled("/api/v1/namespaces", tools, call))],
    ["node-label", async () => agreedName(await labelled("/api/v1/nodes", tools, call))],
    ["api-host", () => host.name],
  ]);
  return found ?? { value: `cluster-${uid.slice(0, 8)}`, source: "kube-system-uid" };
}

async function findDomain(host: HostIdentity, tools: IdentifyTools, call: Call): Promise<Found> {
  const found = await firstFound([
    ["openshift-dns", () => baseDomain(tools, call)],
    ["api-host", () => host.domain],
  ]);
  return found ?? { value: "local", source: "default" };
}

const Namespace = z.object({ metadata: z.object({ uid: z.string().min(8) }) });

async function kubeSystemUid({ ask, host }: IdentifyTools, call: Call): Promise<string> {
  const operation = "identify the cluster by namespace kube-system";
  const whenForbidden =
    "the ClusterRole must allow get on namespaces; ask with: kubectl auth can-i get namespaces/kube-system";
  const whenMissing = `every Kubernetes cluster has it: look whether ${host} is the API server's address`;
  const path = "/api/v1/namespaces/kube-system";
  const answer = await ask({ operation, path, whenForbidden, whenMissing }, call);
  const namespace = Namespace.safeParse(parseAnswer(answer, operation));
  if (namespace.success) return namespace.data.metadata.uid;
  throw new KubeError({ kind: "invalid", who: "kube", operation, problem: "the namespace has no uid" });
}

const Infrastructure = z.object({ status: z.object({ infrastructureName: z.string().optional() }).nullish() });
const Dns = z.object({ spec: z.object({ baseDomain: z.string().optional() }).nullish() });

async function infrastructureName(tools: IdentifyTools, call: Call): Promise<string | undefined> {
  const answer = await readIfAllowed("/apis/config.openshift.io/v1/infrastructures/cluster", undefined, tools, call);
  return Infrastructure.safeParse(answer).data?.status?.infrastructureName;
}

async function baseDomain(tools: IdentifyTools, call: Call): Promise<string | undefined> {
  const answer = await readIfAllowed("/apis/config.openshift.io/v1/dnses/cluster", undefined, tools, call);
  return Dns.safeParse(answer).data?.spec?.baseDomain;
}

/** Only metadata is asked for, and one page: a label that names the cluster is on the first objects as on the last. */
async function labelled(path: string, tools: IdentifyTools, call: Call): Promise<readonly Labelled[]> {
  const answer = LabelledList.safeParse(await readIfAllowed(`${path}?limit=500`, METADATA_LIST, tools, call));
  return (answer.data?.items ?? []).map(({ metadata }) => ({ name: metadata.name, labels: metadata.labels ?? {} }));
}

/** @returns undefined where the object or its type is not there, or may not be read */
async function readIfAllowed(
  path: string,
  accept: string | undefined,
  { ask }: IdentifyTools,
  call: Call,
): Promise<unknown> {
  const operation = `identify the cluster by ${path}`;
  try {
    return parseAnswer(await ask({ operation, path, ...(accept === undefined ? {} : { accept }) }, call), operation);
  } catch (error) {
    if (!(error instanceof KubeError) || (error.kind !== "not-found" && error.kind !== "forbidden")) throw error;
    call.log.debug("cannot be used to identify the cluster", {
      operation: "cluster_identify",
      request: operation,
      reason: error.kind,
    });
    return undefined;
  }
}
