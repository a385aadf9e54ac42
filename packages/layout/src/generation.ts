import { type Call, createTurns } from "@kubeferry/model";
import type { ScaledWorkload } from "./argocd/application.ts";
import { applicationName } from "./argocd/names.ts";
import { type Catalog, createCatalog, namespaceOf } from "./catalog.ts";
import { checkMappedNamespaces } from "./environments/namespaces/check-mapped.ts";
import { createVariants } from "./environments/variants.ts";
import { createFindings, type Findings } from "./findings.ts";
import type { GenerationOptions } from "./generation-options.ts";
import { inStep } from "./read/in-step.ts";
import { createSecretValues, type SecretValues } from "./read/secret-values.ts";
import type { Source } from "./read/source.ts";
import { type Survey, surveySource } from "./read/survey.ts";
import { namespacesSeen } from "./select/idle-globs.ts";
import type { Scope } from "./select/select-objects.ts";
import { createTaker, type Growing, type Taker } from "./taker.ts";
import { createKnownViews } from "./view/known-views.ts";

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

/** Sources that are read side by side: of each a segment is open, and the next one on its way. */
const SIDE_BY_SIDE = 8;

/**
 * Reads the sources object by object: select, clean, spool. A snapshot is verified as it is read.
 * @throws GitOpsError "damaged", before anything of the repository was touched
 */
export async function generate(options: GenerationOptions, call: Call): Promise<Generation> {
  const secretValues = createSecretValues();
  const surveys = new Map<Source, Survey>();
  for (const source of options.sources) surveys.set(source, await surveySource(source, secretValues, call));
  const environments = options.environments.map(({ name }) => name);
  const growing: Growing = {
    catalog: createCatalog(),
    findings: createFindings(environments, options.onLeftOut),
    secretValues,
    made: new Map(),
    settledSecrets: new Set(),
    variants: createVariants(options),
    known: createKnownViews(options.cleaner),
    applicationsOf: createApplicationNames(environments, options),
  };
  const { findings, variants } = growing;
  for (const warning of options.secretWriter?.warnings ?? []) findings.warn(warning);
  const takers = [...surveys].map(([source, survey]) => createTaker(source, survey, options, growing));
  for (let from = 0; from < takers.length; from += SIDE_BY_SIDE) {
    await takeAll(takers.slice(from, from + SIDE_BY_SIDE), options, call);
  }
  variants.warn(findings);
  options.scanner.warnOfIdle(findings);
  checkMappedNamespaces(namespacesSeen(findings), environments, options.settingsOf);
  const surveyOf = (id: string) => [...surveys].find(([source]) => source.id === id)?.[1];
  return { ...growing, scaledIn: (source, namespace) => scaledIn(surveyOf(source), namespace) };
}

/** Takes the objects of several sources in step, so that what they have alike is cleaned and rendered once. */
async function takeAll(takers: readonly Taker[], { onObject }: GenerationOptions, call: Call): Promise<void> {
  const turn = createTurns();
  // Without a generator for each step: waiting for each of them took as long as cleaning.
  await inStep(
    takers.map((taker) => taker.objects(call)),
    async (read, place) => {
      onObject();
      await takers[place]?.take(read, call);
      await turn();
      call.signal.throwIfAborted();
    },
  );
}

/** Asked for every object, and answered with the same set for a folder. */
function createApplicationNames(
  environments: readonly string[],
  options: Pick<GenerationOptions, "settingsOf">,
): Scope["applicationsOf"] {
  const byFolder = new Map<string, ReadonlySet<string>>();
  return (folder) => {
    const names =
      byFolder.get(folder) ?? new Set(environments.flatMap((name) => applicationNames(folder, name, options)));
    byFolder.set(folder, names);
    return names;
  };
}

/** All names that the Applications of a folder in an environment may have: its own, and one for each of several places. */
function applicationNames(
  folder: string,
  environment: string,
  { settingsOf }: Pick<GenerationOptions, "settingsOf">,
): readonly string[] {
  const { places } = settingsOf(namespaceOf(folder), environment);
  return [
    applicationName(folder, environment),
    ...places.map(({ name }) => applicationName(folder, environment, name)),
  ];
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
