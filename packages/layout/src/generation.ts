import type { Buffer } from "node:buffer";
import type { Cleaner } from "@kubeferry/clean";
import { type Call, createTurns, type JsonObject } from "@kubeferry/model";
import type { ScaledWorkload } from "./argocd/application.ts";
import { applicationName } from "./argocd/names.ts";
import { type Catalog, createCatalog, namespaceOf } from "./catalog.ts";
import type { Content } from "./content.ts";
import { checkMappedNamespaces } from "./environments/namespaces/check-mapped.ts";
import type { SettingsOf } from "./environments/settings.ts";
import { createVariants, type Variants } from "./environments/variants.ts";
import { varyObject } from "./environments/vary-objects.ts";
import { createFindings, type Findings } from "./findings.ts";
import { type GitRef, refId } from "./git-ref.ts";
import type { Environment } from "./read/open-sources.ts";
import { createSecretValues, type SecretValues } from "./read/secret-values.ts";
import type { OnBroken, Source } from "./read/source.ts";
import { type Survey, scaledKey, surveySource } from "./read/survey.ts";
import type { Scanner } from "./scan/scanner.ts";
import type { Fingerprint } from "./secrets/fingerprint.ts";
import { type SecretContext, takeSecret } from "./secrets/secret-step.ts";
import type { SecretWriter } from "./secrets/secret-writer.ts";
import { namespacesSeen } from "./select/idle-globs.ts";
import type { NamespaceScope } from "./select/namespace-scope.ts";
import { opensType, type Scope, type Selected, selectObject } from "./select/select-objects.ts";
import type { Spool } from "./spool.ts";
import { reportBroken } from "./validate/report-broken.ts";
import { validateObject } from "./validate/validate-objects.ts";
import type { Validator } from "./validate/validator.ts";
import { type Viewable, viewObject } from "./view/view-objects.ts";

/** Everything the sources give, as files; nothing of the repository is in it. */
export interface Generation {
  readonly catalog: Catalog;
  readonly findings: Findings;
  readonly secretValues: SecretValues;
  /** Secrets that this run put into Git in the configured way, or only on the list where that is the way. */
  readonly settledSecrets: ReadonlySet<string>;
  /** Workloads of a source and namespace that an autoscaler scales, in order. */
  scaledIn(source: string, namespace: string): readonly ScaledWorkload[];
}

/** What generating needs. */
export interface GenerationOptions {
  readonly cleaner: Cleaner;
  readonly sources: readonly Source[];
  readonly environments: readonly Environment[];
  readonly settingsOf: SettingsOf;
  readonly namespaces: NamespaceScope;
  /** Whether what has no namespace is generated too. */
  readonly clusterScoped: boolean;
  readonly repositoryUrl: string;
  readonly spool: Spool;
  readonly validator: Validator;
  /** How Git holds Secrets; undefined: by name only. */
  readonly secretWriter: SecretWriter | undefined;
  readonly fingerprint: Fingerprint;
  readonly scanner: Scanner;
  /** Called after every object that was read, in any source. */
  readonly onObject: () => void;
  /** Told of every object that a rule leaves out. */
  readonly onLeftOut?: Findings["leaveOut"];
}

/**
 * Reads the sources object by object: select, clean, spool. A snapshot is verified as it is read.
 * @throws GitOpsError "damaged", before anything of the repository was touched
 */
export async function generate(options: GenerationOptions, call: Call): Promise<Generation> {
  const secretValues = createSecretValues();
  const surveys = new Map<string, Survey>();
  for (const source of options.sources) {
    surveys.set(source.id, await surveySource(source, secretValues, call));
  }
  const generation: Growing = {
    catalog: createCatalog(),
    findings: createFindings(
      options.environments.map(({ name }) => name),
      options.onLeftOut,
    ),
    secretValues,
    made: new Map(),
    settledSecrets: new Set(),
  };
  const variants = createVariants(options);
  for (const warning of options.secretWriter?.warnings ?? []) generation.findings.warn(warning);
  for (const source of options.sources) {
    const survey = surveys.get(source.id);
    if (survey !== undefined) {
      await generateFrom(source, survey, options, { ...generation, variants }, call);
    }
  }
  variants.warn(generation.findings);
  options.scanner.warnOfIdle(generation.findings);
  const environments = options.environments.map(({ name }) => name);
  checkMappedNamespaces(namespacesSeen(generation.findings), environments, options.settingsOf);
  return { ...generation, scaledIn: (source, namespace) => scaledIn(surveys.get(source), namespace) };
}

async function generateFrom(
  source: Source,
  survey: Survey,
  options: GenerationOptions,
  generation: Growing & { readonly variants: Variants },
  call: Call,
): Promise<void> {
  const { findings } = generation;
  const scope = scopeOf(survey, options);
  const environments = environmentsOf(source.id, options);
  for (const { object, reason } of source.unusable) findings.refuse(object, reason);
  const onBroken: OnBroken = (ref, problem) => reportBroken(ref, problem, findings, environments);
  const secrets = secretContext(source, survey, options, generation);
  const making = { ...options, ...generation, environments, context: viewContext(survey, scope, options, generation) };
  const turn = createTurns();
  // Without a generator for each step: waiting for each of them took as long as cleaning.
  for await (const read of source.objects(opensType, call, onBroken)) {
    options.onObject();
    const choice = selectObject(read, scope, findings);
    if (choice?.as === "secret") await takeSecret(choice.selected, secrets);
    else if (choice !== undefined) await putFile(choice.selected, making, call);
    await turn();
    call.signal.throwIfAborted();
  }
}

/** What making files of a source's objects needs. */
interface Making extends Pick<Growing, "catalog" | "findings">, Pick<GenerationOptions, "validator" | "spool"> {
  readonly variants: Variants;
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

function environmentsOf(source: string, { environments }: GenerationOptions): readonly string[] {
  return environments.filter((environment) => environment.source === source).map(({ name }) => name);
}

/** What generating fills as it goes. */
interface Growing {
  readonly catalog: Catalog;
  readonly findings: Findings;
  readonly secretValues: SecretValues;
  readonly made: Map<string, Content>;
  readonly settledSecrets: Set<string>;
}

function scopeOf(survey: Survey, options: GenerationOptions): Scope {
  const environments = options.environments.map(({ name }) => name);
  const byFolder = new Map<string, ReadonlySet<string>>();
  return {
    cleaner: options.cleaner,
    namespaces: options.namespaces,
    clusterScoped: options.clusterScoped,
    claimPrefixes: survey.claimPrefixes,
    applicationsInCluster: survey.applications,
    repositoryUrl: options.repositoryUrl,
    ownSealedSecrets: survey.ownSealedSecrets,
    isAllowed: (ref) => options.scanner.knows(ref),
    applicationsOf(folder) {
      const names =
        byFolder.get(folder) ?? new Set(environments.flatMap((name) => applicationNames(folder, name, options)));
      byFolder.set(folder, names);
      return names;
    },
  };
}

/** All names that the Applications of a folder in an environment may have: its own, and one for each of several places. */
function applicationNames(folder: string, environment: string, { settingsOf }: GenerationOptions): readonly string[] {
  const { places } = settingsOf(namespaceOf(folder), environment);
  return [
    applicationName(folder, environment),
    ...places.map(({ name }) => applicationName(folder, environment, name)),
  ];
}

function secretContext(source: Source, survey: Survey, options: GenerationOptions, generation: Growing): SecretContext {
  return {
    ...options,
    ...generation,
    source,
    writer: options.secretWriter,
    settled: generation.settledSecrets,
    scan: (object, ref) => options.scanner.refusalOf(object, ref, generation.findings),
    isTheirs: (ref) => survey.theirStandIns.has(refId(ref)),
    holdsSecret: (text) => generation.secretValues.isIn(text),
  };
}

function viewContext(survey: Survey, scope: Scope, { scanner }: GenerationOptions, generation: Growing) {
  const { catalog, findings, secretValues } = generation;
  return {
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

function scaledIn(survey: Survey | undefined, namespace: string): readonly ScaledWorkload[] {
  const inside = [...(survey?.scaled ?? [])].filter(([, target]) => target.namespace === namespace);
  return inside
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([, { group, kind, name }]) => ({ group, kind, name }));
}

/** The workloads that an Application has to leave the replicas of. */
export function scaledOf(generation: Generation, folder: string, source: string): readonly ScaledWorkload[] {
  const namespace = namespaceOf(folder);
  return namespace === undefined ? [] : generation.scaledIn(source, namespace);
}
