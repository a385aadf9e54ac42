import { argoCdTracking } from "./fields/argo-cd-tracking.ts";
import { daemonSetGeneration } from "./fields/daemon-set-generation.ts";
import { deploymentRevision } from "./fields/deployment-revision.ts";
import { jobIdentity } from "./fields/job-identity.ts";
import { lastApplied } from "./fields/last-applied.ts";
import { managedFields } from "./fields/managed-fields.ts";
import { persistentVolumeClaimRef } from "./fields/persistent-volume-claim-ref.ts";
import { serverMetadata } from "./fields/server-metadata.ts";
import { serviceClusterIp } from "./fields/service-cluster-ip.ts";
import { serviceHealthCheckNodePort } from "./fields/service-health-check-node-port.ts";
import { serviceNodePort } from "./fields/service-node-port.ts";
import { status } from "./fields/status.ts";
import { defaultServiceAccount } from "./objects/default-service-account.ts";
import { generatedEndpointSlices } from "./objects/generated-endpoint-slices.ts";
import { generatedEndpoints } from "./objects/generated-endpoints.ts";
import { rootCaConfigMap } from "./objects/root-ca-config-map.ts";
import { serviceAccountToken } from "./objects/service-account-token.ts";
import type { CleaningRule, DropRule, RuleTexts } from "./rule.ts";

/** What is taken out of objects, in the order in which rules are asked; a new rule is a file and a line here. */
export const cleaningRules: readonly CleaningRule[] = [
  serverMetadata,
  managedFields,
  lastApplied,
  status,
  serviceClusterIp,
  serviceNodePort,
  serviceHealthCheckNodePort,
  deploymentRevision,
  daemonSetGeneration,
  persistentVolumeClaimRef,
  jobIdentity,
  argoCdTracking,
];

/** Which whole objects a view leaves out. */
export const dropRules: readonly DropRule[] = [
  defaultServiceAccount,
  rootCaConfigMap,
  serviceAccountToken,
  generatedEndpoints,
  generatedEndpointSlices,
];

/** Every rule with its reason and source, in order: what the documentation's table is made of. */
export function ruleTable(): readonly RuleTexts[] {
  return [...cleaningRules, ...dropRules].map(({ id, title, reason, source }) => ({ id, title, reason, source }));
}
