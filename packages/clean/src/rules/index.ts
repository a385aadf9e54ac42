import { argoCdTracking } from "./fields/argo-cd-tracking.ts";
import { autoscalerAnnotations } from "./fields/autoscaler-annotations.ts";
import { claimBinding } from "./fields/claim-binding.ts";
import { daemonSetGeneration } from "./fields/daemon-set-generation.ts";
import { deploymentRevision } from "./fields/deployment-revision.ts";
import { generatedName } from "./fields/generated-name.ts";
import { generatedRouteHost } from "./fields/generated-route-host.ts";
import { injectedCaBundle } from "./fields/injected-ca-bundle.ts";
import { injectedConfigMap } from "./fields/injected-config-map.ts";
import { jobIdentity } from "./fields/job-identity.ts";
import { jobTracking } from "./fields/job-tracking.ts";
import { kubernetesFinalizers } from "./fields/kubernetes-finalizers.ts";
import { lastApplied } from "./fields/last-applied.ts";
import { leaderAnnotation } from "./fields/leader-annotation.ts";
import { managedFields } from "./fields/managed-fields.ts";
import { namespaceIdentity } from "./fields/namespace-identity.ts";
import { namespaceRanges } from "./fields/namespace-ranges.ts";
import { ownerReferences } from "./fields/owner-references.ts";
import { persistentVolumeClaimRef } from "./fields/persistent-volume-claim-ref.ts";
import { podNetworkAnnotations } from "./fields/pod-network-annotations.ts";
import { podScheduling } from "./fields/pod-scheduling.ts";
import { podTokenVolumes } from "./fields/pod-token-volumes.ts";
import { projectRequester } from "./fields/project-requester.ts";
import { restartedAt } from "./fields/restarted-at.ts";
import { serverMetadata } from "./fields/server-metadata.ts";
import { serviceAccountSecrets } from "./fields/service-account-secrets.ts";
import { serviceAccountTokenData } from "./fields/service-account-token-data.ts";
import { serviceClusterIp } from "./fields/service-cluster-ip.ts";
import { serviceHealthCheckNodePort } from "./fields/service-health-check-node-port.ts";
import { serviceIpFamilies } from "./fields/service-ip-families.ts";
import { serviceNodePort } from "./fields/service-node-port.ts";
import { status } from "./fields/status.ts";
import { templateCreationTime } from "./fields/template-creation-time.ts";
import { volumeBinding } from "./fields/volume-binding.ts";
import { apiServerService } from "./objects/api-server-service.ts";
import { controllerRevisions } from "./objects/controller-revisions.ts";
import { copiedOperators } from "./objects/copied-operators.ts";
import { defaultServiceAccount } from "./objects/default-service-account.ts";
import { generatedEndpointSlices } from "./objects/generated-endpoint-slices.ts";
import { generatedEndpoints } from "./objects/generated-endpoints.ts";
import { leaderLock } from "./objects/leader-lock.ts";
import { localApiServices } from "./objects/local-api-services.ts";
import { mirrorPods } from "./objects/mirror-pods.ts";
import { openshiftPullSecrets } from "./objects/openshift-pull-secrets.ts";
import { openshiftRoleBindings } from "./objects/openshift-role-bindings.ts";
import { openshiftServiceAccounts } from "./objects/openshift-service-accounts.ts";
import { rootCaConfigMap } from "./objects/root-ca-config-map.ts";
import { serviceAccountToken } from "./objects/service-account-token.ts";
import { servingCertificates } from "./objects/serving-certificates.ts";
import { volumeAttachments } from "./objects/volume-attachments.ts";
import { refusedFields } from "./refused/fields.ts";
import { refusedObjects } from "./refused/objects.ts";
import type { CleaningRule, DropRule, Refusal } from "./rule.ts";

/** What is taken out of objects, in the order in which rules are asked; a new rule is a file and a line here. */
export const cleaningRules: readonly CleaningRule[] = [
  serverMetadata,
  managedFields,
  lastApplied,
  status,
  generatedName,
  ownerReferences,
  kubernetesFinalizers,
  leaderAnnotation,
  namespaceIdentity,
  namespaceRanges,
  projectRequester,
  serviceClusterIp,
  serviceIpFamilies,
  serviceNodePort,
  serviceHealthCheckNodePort,
  deploymentRevision,
  daemonSetGeneration,
  restartedAt,
  templateCreationTime,
  jobIdentity,
  jobTracking,
  autoscalerAnnotations,
  claimBinding,
  persistentVolumeClaimRef,
  volumeBinding,
  podScheduling,
  podTokenVolumes,
  podNetworkAnnotations,
  serviceAccountSecrets,
  serviceAccountTokenData,
  injectedCaBundle,
  injectedConfigMap,
  generatedRouteHost,
  argoCdTracking,
];

/** Which whole objects a view leaves out. */
export const dropRules: readonly DropRule[] = [
  defaultServiceAccount,
  openshiftServiceAccounts,
  openshiftRoleBindings,
  rootCaConfigMap,
  serviceAccountToken,
  openshiftPullSecrets,
  servingCertificates,
  generatedEndpoints,
  generatedEndpointSlices,
  apiServerService,
  localApiServices,
  leaderLock,
  mirrorPods,
  controllerRevisions,
  volumeAttachments,
  copiedOperators,
];

/** What other tools leave out and this one keeps, each with its reason. */
export const refusals: readonly Refusal[] = [...refusedObjects, ...refusedFields];
