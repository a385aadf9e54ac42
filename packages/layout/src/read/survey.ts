import { at, type Call, type JsonObject, objectsAt, type ResourceType, textAt, typeName } from "@kubeferry/model";
import { type GitRef, refId, refTitle } from "../git-ref.ts";
import { standsForSecret } from "../secrets/clean-secret.ts";
import type { SecretValues } from "./secret-values.ts";
import type { OpenObject, SealedObject, Source } from "./source.ts";

/** A workload whose replicas something else decides. */
export interface ScaledTarget {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** What has to be known of a whole source before its first object can be judged. */
export interface Survey {
  /** By `scaledKey`. */
  readonly scaled: ReadonlyMap<string, ScaledTarget>;
  /** Beginnings of the names that StatefulSets give their claims: "shop/data-db-". */
  readonly claimPrefixes: ReadonlySet<string>;
  /** Argo CD Applications by name, with the repositories they read. */
  readonly applications: ReadonlyMap<string, ReadonlySet<string>>;
  /** SealedSecrets that came from a repository of ours: "shop/db". */
  readonly ownSealedSecrets: ReadonlySet<string>;
  /** ExternalSecrets and SealedSecrets that did not, by `refId`, each under the name of its Secret too. */
  readonly theirStandIns: ReadonlySet<string>;
}

/** One text for one scaled workload. */
export function scaledKey(target: ScaledTarget): string {
  return `${target.group}/${target.kind} ${target.namespace}/${target.name}`;
}

/** The types that a survey opens; all are small beside the rest. */
const SURVEYED: ReadonlySet<string> = new Set([
  "statefulsets.apps",
  "horizontalpodautoscalers.autoscaling",
  "scaledobjects.keda.sh",
  "applications.argoproj.io",
  "sealedsecrets.bitnami.com",
  "externalsecrets.external-secrets.io",
  "secrets",
]);

/**
 * Reads what later steps must know beforehand.
 * @param values gathers the clear values of the source's Secrets, so that no copy of one reaches Git
 */
export async function surveySource(source: Source, values: SecretValues, call: Call): Promise<Survey> {
  const survey = {
    scaled: new Map(),
    claimPrefixes: new Set<string>(),
    applications: new Map<string, Set<string>>(),
    ownSealedSecrets: new Set<string>(),
    theirStandIns: new Set<string>(),
  };
  const select = (type: ResourceType) =>
    SURVEYED.has(typeName(type)) && (source.hasSecretValues || typeName(type) !== "secrets");
  for await (const read of source.objects(select, call)) {
    if (!read.sealed) note(read, survey, values);
    else if (typeName(read.type) !== "secrets") warnOfSealed(read, call);
  }
  return survey;
}

/** What it says of other objects is not known, such as which claims a StatefulSet made. */
function warnOfSealed({ source, ref }: SealedObject, call: Call): void {
  call.log.warn("an object that other objects depend on is encrypted in this backup", {
    operation: "gitops_finding",
    source,
    object: refTitle(ref),
  });
}

interface GrowingSurvey {
  readonly scaled: Map<string, ScaledTarget>;
  readonly claimPrefixes: Set<string>;
  readonly applications: Map<string, Set<string>>;
  readonly ownSealedSecrets: Set<string>;
  readonly theirStandIns: Set<string>;
}

function note({ type, ref, object }: OpenObject, survey: GrowingSurvey, values: SecretValues): void {
  const namespace = ref.namespace ?? "";
  switch (typeName(type)) {
    case "secrets":
      values.learn(object);
      return;
    case "statefulsets.apps":
      for (const template of objectsAt(object, "spec", "volumeClaimTemplates")) {
        survey.claimPrefixes.add(`${namespace}/${textAt(template, "metadata", "name") ?? ""}-${ref.name}-`);
      }
      return;
    case "sealedsecrets.bitnami.com":
      if (standsForSecret(object)) survey.ownSealedSecrets.add(`${namespace}/${ref.name}`);
      else survey.theirStandIns.add(refId(ref));
      return;
    case "externalsecrets.external-secrets.io":
      if (!standsForSecret(object)) noteTheirs(ref, object, survey);
      return;
    case "applications.argoproj.io":
      survey.applications.set(ref.name, repositoriesOf(object, survey.applications.get(ref.name)));
      return;
    default:
      noteTarget(namespace, object, survey);
  }
}

/** Two of them for one Secret would write over each other, whatever they are called. */
function noteTheirs(ref: GitRef, object: JsonObject, { theirStandIns }: GrowingSurvey): void {
  theirStandIns.add(refId(ref));
  theirStandIns.add(refId({ ...ref, name: textAt(object, "spec", "target", "name") ?? ref.name }));
}

function noteTarget(namespace: string, object: JsonObject, survey: GrowingSurvey): void {
  const target = at(object, "spec", "scaleTargetRef");
  const name = textAt(target, "name");
  if (name === undefined) return;
  // A ScaledObject may leave both out and then means a Deployment.
  const apiVersion = textAt(target, "apiVersion") ?? "apps/v1";
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  const scaled = { group, kind: textAt(target, "kind") ?? "Deployment", namespace, name };
  survey.scaled.set(scaledKey(scaled), scaled);
}

function repositoriesOf(application: JsonObject, known: Set<string> | undefined): Set<string> {
  const repositories = known ?? new Set<string>();
  const sources = [at(application, "spec", "source"), ...objectsAt(application, "spec", "sources")];
  for (const source of sources) {
    const url = textAt(source, "repoURL");
    if (url !== undefined) repositories.add(url);
  }
  return repositories;
}
