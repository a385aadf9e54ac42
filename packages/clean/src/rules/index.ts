import { argoCdTracking } from "./argo-cd-tracking.ts";
import { daemonSetGeneration } from "./daemon-set-generation.ts";
import { defaultServiceAccount } from "./default-service-account.ts";
import { deploymentRevision } from "./deployment-revision.ts";
import { generatedEndpointSlices } from "./generated-endpoint-slices.ts";
import { generatedEndpoints } from "./generated-endpoints.ts";
import { jobIdentity } from "./job-identity.ts";
import { lastApplied } from "./last-applied.ts";
import { managedFields } from "./managed-fields.ts";
import { persistentVolumeClaimRef } from "./persistent-volume-claim-ref.ts";
import { rootCaConfigMap } from "./root-ca-config-map.ts";
import type { CleaningRule, DropRule, RuleTexts } from "./rule.ts";
import { serverMetadata } from "./server-metadata.ts";
import { serviceAccountToken } from "./service-account-token.ts";
import { serviceClusterIp } from "./service-cluster-ip.ts";
import { serviceHealthCheckNodePort } from "./service-health-check-node-port.ts";
import { serviceNodePort } from "./service-node-port.ts";
import { status } from "./status.ts";

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
