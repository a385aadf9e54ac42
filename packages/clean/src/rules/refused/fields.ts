import type { Refusal } from "../rule.ts";

/** Fields that other tools remove and a view keeps. */
export const refusedFields: readonly Refusal[] = [
  {
    title: "empty maps, empty lists, empty texts and nulls",
    of: "every object",
    reason: "they are content: an empty selector selects all, an empty class means none",
  },
  {
    title: "anything within lists of a custom resource",
    of: "custom resources",
    reason: "Argo CD compares such lists whole: an element that lacks a default is a difference",
  },
  {
    title: "values that equal a default",
    of: "every object",
    reason:
      "once it is in last-applied, leaving a value out means to remove it; so dnsPolicy, restartPolicy, schedulerName, terminationMessagePath, revisionHistoryLimit, progressDeadlineSeconds, updateStrategy, sessionAffinity, internalTrafficPolicy, volumeMode and type stay",
  },
  {
    title: "finalizers of other controllers, all finalizers",
    of: "every object",
    reason: "a finalizer may be what somebody asked for, as on an Argo CD Application; only Kubernetes' own go",
  },
  {
    title: "clusterIP None",
    of: "Service",
    reason: "it makes a Service headless; without it the Service gets an address and behaves otherwise",
  },
  {
    title: "every nodePort and clusterIP",
    of: "Service",
    reason: "what last-applied, an Apply or any client wrote was chosen; only allocated ones go",
  },
  {
    title: "externalIPs, loadBalancerIP and annotations of load balancers",
    of: "Service",
    reason: "people write them to choose an address and to configure the load balancer",
  },
  {
    title: "the namespace of a subject when it is the binding's own",
    of: "RoleBinding, ClusterRoleBinding",
    reason: "subjects are compared as a whole: Argo CD reports the difference in every mode",
  },
  {
    title: "rules of an aggregated ClusterRole",
    of: "ClusterRole",
    reason: "kept rules are no difference; leaving them out, or empty, is one where somebody applied them",
  },
  {
    title: "replicas where an autoscaler scales",
    of: "Deployment, StatefulSet and others",
    reason: "left out they mean 1; whether they stay is decided where objects are written for Git, by who set them",
  },
  {
    title: "apiVersion, kind and creationTimestamp of volumeClaimTemplates",
    of: "StatefulSet",
    reason: "the list is compared as a whole",
  },
  {
    title: "storageClassName and volumeMode",
    of: "PersistentVolumeClaim",
    reason: "an empty class and block mode are wishes; the class that admission filled in is where the data is",
  },
  {
    title: "the volumeName that a claim asked for",
    of: "PersistentVolumeClaim",
    reason: "without the bound-by-controller annotation somebody chose the volume",
  },
  {
    title: "the annotation pv.kubernetes.io/provisioned-by",
    of: "PersistentVolume",
    reason: "only the provisioner it names deletes the volume's storage",
  },
  {
    title: "the metrics and behavior annotations",
    of: "HorizontalPodAutoscaler",
    reason: "read through autoscaling/v1 they are the only place of what was asked for",
  },
  {
    title: "caBundle without a sign that it was injected",
    of: "webhook configurations, CustomResourceDefinition, APIService",
    reason: "somebody wrote the certificate, and nobody writes it again",
  },
  {
    title: "nodeSelector and tolerations",
    of: "Pod and templates",
    reason: "where a workload may run is a wish, also where a project's default added to it",
  },
  {
    title: "runAsUser, fsGroup and seLinuxOptions of the cluster's range",
    of: "Pod and templates",
    reason:
      "in a template somebody wrote them; OpenShift adds them to Pods only, which do not go to Git, and dropping a user of one's own would change who runs",
  },
  {
    title: "images that a trigger resolved, and the trigger annotation",
    of: "Deployment, DeploymentConfig",
    reason: "a container needs an image; the trigger resolves it again",
  },
  {
    title: "pull and push secrets of builds",
    of: "BuildConfig",
    reason: "a build configuration holds only those that somebody wrote",
  },
  {
    title: "spec.dockerImageRepository",
    of: "ImageStream",
    reason: "in the spec it is what somebody asked for; the cluster's own is in the status, which goes",
  },
  {
    title: "a Route's host without the marker that it was generated",
    of: "Route",
    reason: "somebody chose the name",
  },
  {
    title: "all secrets and imagePullSecrets of ServiceAccounts",
    of: "ServiceAccount",
    reason: "those that somebody added stay; only references that a controller made go",
  },
  {
    title: "all labels that name a controller, an instance or a Helm chart",
    of: "every object",
    reason: "selectors and people use them; the labels that a Job gets of its uid go",
  },
  {
    title: "changes of values: suspended Jobs, sideEffects, preserveUnknownFields, new Secret names",
    of: "Job, webhook configurations, CustomResourceDefinition, BuildConfig",
    reason: "a view leaves out and never writes other values",
  },
];
