import type { Buffer } from "node:buffer";
import type { Call, JsonObject } from "@kubeferry/model";
import type { Catalog } from "./catalog.ts";
import type { Content } from "./content.ts";
import type { Variants } from "./environments/variants.ts";
import { varyObject } from "./environments/vary-objects.ts";
import type { Findings } from "./findings.ts";
import type { GenerationOptions } from "./generation-options.ts";
import { type GitRef, refId } from "./git-ref.ts";
import type { SecretValues } from "./read/secret-values.ts";
import type { ReadObject, Source } from "./read/source.ts";
import { type Survey, scaledKey } from "./read/survey.ts";
import { type SecretContext, takeSecret } from "./secrets/secret-step.ts";
import { isMatterOf, opensType, type Scope, type Selected, selectObject } from "./select/select-objects.ts";
import { reportBroken } from "./validate/report-broken.ts";
import { validateObject } from "./validate/validate-objects.ts";
import type { KnownViews } from "./view/known-views.ts";
import { type View, type Viewable, viewObject } from "./view/view-objects.ts";

/** What generating fills as it goes, and what its sources share. */
export interface Growing {
  readonly catalog: Catalog;
  readonly findings: Findings;
  readonly secretValues: SecretValues;
  readonly made: Map<string, Content>;
  readonly settledSecrets: Set<string>;
  readonly variants: Variants;
  readonly known: KnownViews<View>;
  /** Names of the Applications that this repository generates for a folder: one set for each. */
  readonly applicationsOf: Scope["applicationsOf"];
}

/** Takes what one source has. */
export interface Taker {
  /** Its objects; what is none is reported as it is come upon. @throws GitOpsError "damaged" */
  objects(call: Call): AsyncIterable<ReadObject>;
  /** Puts what belongs into Git of an object into spool and catalogue. */
  take(read: ReadObject, call: Call): Promise<void>;
}

/** A taker for a source that was surveyed. */
export function createTaker(source: Source, survey: Survey, options: GenerationOptions, growing: Growing): Taker {
  const { findings } = growing;
  const environments = options.environments.filter((each) => each.source === source.id).map(({ name }) => name);
  const scope = scopeOf(survey, options, growing);
  const secrets = secretContext(source, survey, options, growing);
  const making = { ...options, ...growing, environments, context: viewContext(survey, scope, options, growing) };
  return {
    objects(call) {
      for (const { object, reason } of source.unusable) findings.refuse(object, reason);
      return source.objects(opensType, call, (ref, problem) => {
        if (isMatterOf(ref, scope)) reportBroken(ref, problem, findings, environments);
      });
    },
    async take(read, call) {
      const choice = selectObject(read, scope, findings);
      if (choice?.as === "secret") await takeSecret(choice.selected, secrets);
      else if (choice !== undefined) await putFile(choice.selected, making, call);
    },
  };
}

/** What making files of a source's objects needs. */
interface Making
  extends Pick<Growing, "catalog" | "findings" | "variants">,
    Pick<GenerationOptions, "validator" | "spool"> {
  readonly context: ReturnType<typeof viewContext>;
  /** Those that are made from the source. */
  readonly environments: readonly string[];
}

/** Spools the file of an object, and what environments make of it, where they may be in Git. */
async function putFile(selected: Selected, making: Making, call: Call): Promise<void> {
  const { catalog, findings, variants, context, spool } = making;
  const viewed = viewObject(selected, context, findings);
  if (viewed === undefined) return;
  const varied = varyObject(viewed, variants, context, findings);
  const passed = await validateObject(varied, making, findings, call);
  if (passed === undefined) return;
  const { folder, source, ref, leftOutOf } = passed;
  const content = await spool.put(passed.yaml, passed.sha256);
  const changed = new Map<string, Content>();
  for (const [environment, { yaml, sha256 }] of passed.variants)
    changed.set(environment, await spool.put(yaml, sha256));
  catalog.add(folder, source, ref, content, { variants: changed, leftOutOf });
}

function scopeOf(survey: Survey, options: GenerationOptions, { applicationsOf }: Growing): Scope {
  return {
    cleaner: options.cleaner,
    namespaces: options.namespaces,
    clusterScoped: options.clusterScoped,
    claimPrefixes: survey.claimPrefixes,
    applicationsInCluster: survey.applications,
    repositoryUrl: options.repositoryUrl,
    ownSealedSecrets: survey.ownSealedSecrets,
    isAllowed: (ref) => options.scanner.knows(ref),
    applicationsOf,
  };
}

function secretContext(source: Source, survey: Survey, options: GenerationOptions, growing: Growing): SecretContext {
  return {
    ...options,
    ...growing,
    source,
    writer: options.secretWriter,
    settled: growing.settledSecrets,
    scan: (object, ref) => options.scanner.refusalOf(object, ref, growing.findings),
    isTheirs: (ref) => survey.theirStandIns.has(refId(ref)),
    holdsSecret: (text) => growing.secretValues.isIn(text),
  };
}

function viewContext(survey: Survey, scope: Scope, { scanner }: GenerationOptions, growing: Growing) {
  const { catalog, findings, secretValues, known } = growing;
  return {
    known,
    isLetIn: ({ folder, ref }: Pick<Viewable, "folder" | "ref">, sha256: string) => catalog.holds(folder, ref, sha256),
    scan: (object: JsonObject, ref: GitRef, yaml: Buffer) => scanner.refusalOf(object, ref, findings, yaml),
    cleaner: scope.cleaner,
    holdsSecret: (text: string) => secretValues.isIn(text),
    isScaled: (object: Viewable) => isScaled(survey, object),
    factsOf: (object: Viewable) => ({
      scaled: isScaled(survey, object),
      applications: scope.applicationsOf(object.folder),
    }),
  };
}

function isScaled(survey: Survey, { ref }: Viewable): boolean {
  const { group, kind, namespace, name } = ref;
  return namespace !== undefined && survey.scaled.has(scaledKey({ group, kind, namespace, name }));
}
