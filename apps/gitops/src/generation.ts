import type { Cleaner } from "@kubeferry/clean";
import type { Call } from "@kubeferry/model";
import type { ScaledWorkload } from "./argocd/application.ts";
import { applicationName } from "./argocd/names.ts";
import { type Catalog, createCatalog, namespaceOf } from "./catalog.ts";
import { createFindings, type Findings } from "./findings.ts";
import { type Environment, namingDamage, type Source } from "./read/open-sources.ts";
import { type OnBroken, readObjects } from "./read/read-objects.ts";
import { createSecretValues, type SecretValues } from "./read/secret-values.ts";
import { type Survey, scaledKey, surveySource } from "./read/survey.ts";
import type { NamespaceScope } from "./select/namespace-scope.ts";
import { opensType, type Scope, selectObjects } from "./select/select-objects.ts";
import type { Spool } from "./spool.ts";
import { reportBroken } from "./validate/report-broken.ts";
import { validateObjects } from "./validate/validate-objects.ts";
import type { Validator } from "./validate/validator.ts";
import { type Viewable, type ViewContext, viewObjects } from "./view/view-objects.ts";

/** Everything the sources give, as files; nothing of the repository is in it. */
export interface Generation {
  readonly catalog: Catalog;
  readonly findings: Findings;
  readonly secretValues: SecretValues;
  /** Workloads of a source and namespace that an autoscaler scales, in order. */
  scaledIn(source: string, namespace: string): readonly ScaledWorkload[];
}

/** What generating needs. */
export interface GenerationOptions {
  readonly cleaner: Cleaner;
  readonly sources: readonly Source[];
  readonly environments: readonly Environment[];
  readonly namespaces: NamespaceScope;
  readonly repositoryUrl: string;
  readonly spool: Spool;
  readonly validator: Validator;
  /** Called after every object that was read, in any source. */
  readonly onObject: () => void;
}

/**
 * Reads the sources object by object: select, clean, spool. A snapshot is verified as it is read.
 * @throws GitOpsError "damaged", before anything of the repository was touched
 */
export async function generate(options: GenerationOptions, call: Call): Promise<Generation> {
  const secretValues = createSecretValues();
  const surveys = new Map<string, Survey>();
  for (const source of options.sources) {
    surveys.set(source.id, await namingDamage(source.id, () => surveySource(source, secretValues, call)));
  }
  const generation = {
    catalog: createCatalog(),
    findings: createFindings(options.environments.map(({ name }) => name)),
    secretValues,
  };
  for (const source of options.sources) {
    const survey = surveys.get(source.id);
    if (survey !== undefined) {
      await namingDamage(source.id, () => generateFrom(source, survey, options, generation, call));
    }
  }
  return { ...generation, scaledIn: (source, namespace) => scaledIn(surveys.get(source), namespace) };
}

async function generateFrom(
  source: Source,
  survey: Survey,
  options: GenerationOptions,
  generation: { readonly catalog: Catalog; readonly findings: Findings; readonly secretValues: SecretValues },
  call: Call,
): Promise<void> {
  const { catalog, findings, secretValues } = generation;
  const scope = scopeOf(survey, options);
  const onBroken: OnBroken = (ref, problem) => reportBroken(ref, problem, findings, environmentsOf(source.id, options));
  const read = counted(readObjects(source, opensType, call, onBroken), options.onObject);
  const selected = selectObjects(read, scope, findings);
  const viewed = viewObjects(selected, viewContext(survey, scope, secretValues), findings);
  const validation = { validator: options.validator, environmentsOf: (id: string) => environmentsOf(id, options) };
  for await (const { folder, ref, yaml, leftOutOf } of validateObjects(viewed, validation, findings, call)) {
    call.signal.throwIfAborted();
    catalog.add(folder, source.id, ref, await options.spool.put(yaml), { leftOutOf });
  }
}

function environmentsOf(source: string, { environments }: GenerationOptions): readonly string[] {
  return environments.filter((environment) => environment.source === source).map(({ name }) => name);
}

async function* counted<Item>(items: AsyncIterable<Item>, onItem: () => void): AsyncIterable<Item> {
  for await (const item of items) {
    onItem();
    yield item;
  }
}

function scopeOf(survey: Survey, options: GenerationOptions): Scope {
  const environments = options.environments.map(({ name }) => name);
  const byFolder = new Map<string, ReadonlySet<string>>();
  return {
    cleaner: options.cleaner,
    namespaces: options.namespaces,
    claimPrefixes: survey.claimPrefixes,
    applicationsInCluster: survey.applications,
    repositoryUrl: options.repositoryUrl,
    applicationsOf(folder) {
      const names = byFolder.get(folder) ?? new Set(environments.map((name) => applicationName(folder, name)));
      byFolder.set(folder, names);
      return names;
    },
  };
}

function viewContext(survey: Survey, scope: Scope, values: SecretValues): ViewContext {
  return {
    cleaner: scope.cleaner,
    holdsSecret: (text) => values.isIn(text),
    factsOf: (object) => ({ scaled: isScaled(survey, object), applications: scope.applicationsOf(object.folder) }),
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
