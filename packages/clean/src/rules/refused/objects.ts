import type { Refusal } from "../rule.ts";

/** Whole objects that other tools leave out and a view keeps, or that are left out by somebody else than a rule. */
export const refusedObjects: readonly Refusal[] = [
  {
    title: "everything that has an owner",
    of: "every object",
    reason:
      "an owner is no proof that the object comes back: Pods and ReplicaSets of built-in controllers are left out at capture, what a controller owns is counted and left out of Git; the mirror shows the rest",
  },
  {
    title: "all Pods, ReplicaSets and ReplicationControllers",
    of: "Pod, ReplicaSet, ReplicationController",
    reason: "a bare one is somebody's: the mirror shows it, and Git leaves bare Pods out and counts them",
  },
  {
    title: "finished Jobs",
    of: "Job",
    reason: "whether a run belongs into Git is decided where objects are selected for Git; the mirror shows them",
  },
  {
    title: "events, leases, reviews",
    of: "Event, Lease, TokenReview, SubjectAccessReview",
    reason: "never captured: events and leases are on the list of skipped types, reviews cannot be listed",
  },
  {
    title: "all Endpoints and EndpointSlices",
    of: "Endpoints, EndpointSlice",
    reason: "those made by hand are the only address of a Service without selector; only generated ones are left out",
  },
  {
    title: "Nodes",
    of: "Node",
    reason: "people label and taint them; Git leaves them out, since a machine cannot be applied",
  },
  {
    title: "PersistentVolumes and PersistentVolumeClaims",
    of: "PersistentVolume, PersistentVolumeClaim",
    reason: "a claim is what an application asks for, and a volume may be the only note of where its data is",
  },
  {
    title: "objects of the backup tool itself",
    of: "every object",
    reason: "this one keeps nothing in the cluster it backs up",
  },
  {
    title: "Secrets and other objects by a part of their name: token-, -dockercfg-, admin, edit, default, pipeline",
    of: "every object",
    reason: "people use these words too; a Secret called api-token-shop is somebody's. Only type and annotations count",
  },
  {
    title: "Secrets annotated with the ServiceAccount default, builder, deployer or pipeline",
    of: "Secret",
    reason: "the type says that a cluster made a Secret; an annotation that people can set as well does not",
  },
  {
    title: "all Secrets of type kubernetes.io/dockercfg",
    of: "Secret",
    reason: "people make these by hand for registries; OpenShift's own are known by their annotations",
  },
  {
    title: "Helm's release records",
    of: "Secret, ConfigMap",
    reason: "without its record Helm does not know a release; Git leaves out what Helm manages, and counts it",
  },
  {
    title: "ConfigMaps named *-cabundle, *-ca, *-global-ca, *-sys-config",
    of: "ConfigMap",
    reason:
      "the name proves nothing; certificates that are injected go by their annotation or label, and a build owns its own",
  },
  {
    title: "the RoleBinding admin of an OpenShift project",
    of: "RoleBinding",
    reason: "it says who may administer the project, and people change it",
  },
  {
    title: "ClusterRoles and bindings that Kubernetes bootstraps",
    of: "ClusterRole, ClusterRoleBinding",
    reason: "people change them where autoupdate is switched off; Git leaves out those with the bootstrapping label",
  },
  {
    title: "the API groups authorization.openshift.io and extensions",
    of: "whole groups",
    reason: "the first is a view and on the list of skipped types; the second is not served by any cluster since 1.22",
  },
  {
    title: "builds and image tags",
    of: "Build, ImageStreamTag, ImageTag",
    reason:
      "image tags are views and not captured; a build is owned by its configuration, and a bare one is somebody's",
  },
  {
    title: "image streams",
    of: "ImageStream",
    reason: "their tags say which image an application follows",
  },
  {
    title: "pipeline runs and what serverless applications are made of",
    of: "PipelineRun, TaskRun, Knative's Route, Revision and others",
    reason: "those with an owner go with it; a run that somebody started by hand is told from no other object",
  },
  {
    title: "subscriptions, operator groups, catalogues, install plans, operator conditions",
    of: "Operator Lifecycle Manager",
    reason: "a subscription is what somebody asked for; Git leaves out and counts what the manager made of it",
  },
];
