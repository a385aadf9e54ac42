import { createCleaner, parseYaml } from "@kubeferry/clean";
import type { Call, JsonObject } from "@kubeferry/model";
import type { ObjectStore } from "@kubeferry/object-store";
import { type ClusterRef, type Config, type GitOpsConfig, gitopsOf } from "@kubeferry/shared-config";
import { namespaceFolder } from "../catalog.ts";
import { findKnownClusters } from "../environments/known-clusters.ts";
import { createSettings, type SettingsOf } from "../environments/settings.ts";
import { type Generation, generate } from "../generation.ts";
import { refTitle } from "../git-ref.ts";
import { GitOpsError } from "../gitops-error.ts";
import type { SourcePlace } from "../read/find-snapshot.ts";
import { type Environment, openSources } from "../read/open-sources.ts";
import type { Source } from "../read/source.ts";
import { createScanner } from "../scan/scanner.ts";
import { createFingerprint } from "../secrets/fingerprint.ts";
import { adoptsNamespace } from "../select/namespace-scope.ts";
import { openSpool, type Spool } from "../spool.ts";
import { openPolicies, openValidator } from "../validate/open-validator.ts";
import { type ExplainedEnvironment, explainEnvironment } from "./explain-environment.ts";

/** What is asked. */
export interface ExplainGitOpsOptions {
  readonly config: Config;
  /** The whole store; clusters' roots are found below it. */
  readonly store: ObjectStore;
  /** Where one cluster's snapshots lie, when that is not where `store` and `config` say. */
  readonly placeOf?: (cluster: ClusterRef) => Promise<SourcePlace | undefined>;
  readonly namespace: string;
  /** Left out: all of them. */
  readonly environment?: string | undefined;
}

/** What becomes of a namespace in Git, from the snapshots that the next run would read. */
export interface GitOpsExplanation {
  readonly namespace: string;
  /** Why the namespace is not adopted at all; null when it is. */
  readonly notAdopted: string | null;
  /** The snapshots that were read, by their keys. */
  readonly snapshots: readonly string[];
  /** Objects that are in Git: "Deployment shop/web". */
  readonly objects: readonly string[];
  /** Objects that a rule leaves out: reason → objects. */
  readonly leftOut: Readonly<Record<string, readonly string[]>>;
  /** Objects that cannot be in Git, or must not, each with its reason. */
  readonly blocked: readonly { readonly object: string; readonly reason: string }[];
  /** Names of Secrets, and how Git holds them. */
  readonly secrets: { readonly mode: GitOpsConfig["secrets"]["mode"]; readonly names: readonly string[] };
  readonly environments: readonly ExplainedEnvironment[];
}

/**
 * Says what the next run would make of a namespace, and why. Git is not looked at, and nothing is written.
 * @throws GitOpsError "config" for an environment that is not configured or a namespace that no snapshot holds; all
 *   that reading the snapshots throws
 */
export async function explainGitOps(options: ExplainGitOpsOptions, call: Call): Promise<GitOpsExplanation> {
  const gitops = gitopsOf(options.config);
  checkEnvironment(options, gitops);
  const opened = await openSources({ ...options, gitops }, call);
  const environments = opened.environments.filter(({ name }) => (options.environment ?? name) === name);
  const sources = opened.sources.filter(({ id }) => environments.some(({ source }) => source === id));
  const clusters = await findKnownClusters({ ...options, gitops, sources, environments }, call);
  const spool = await openSpool();
  try {
    return await explain(
      { ...options, gitops, sources, environments, spool, settingsOf: createSettings(gitops, clusters) },
      call,
    );
  } finally {
    await spool.close();
  }
}

/** A question, once its snapshots are open. */
interface Asked extends ExplainGitOpsOptions {
  readonly gitops: GitOpsConfig;
  readonly sources: readonly Source[];
  readonly environments: readonly Environment[];
  readonly spool: Spool;
  readonly settingsOf: SettingsOf;
}

async function explain(asked: Asked, call: Call): Promise<GitOpsExplanation> {
  const { gitops, sources, environments, namespace } = asked;
  const scope = { globs: gitops.namespaces, argocdNamespace: gitops.argocd.namespace };
  const adopted = adoptsNamespace(namespace, scope);
  // Also of a namespace that is not adopted: a mistyped one is not there at all.
  const leftOut = new Map<string, Set<string>>();
  const generation = await generationOf(asked, leftOut, call);
  const { findings } = generation;
  checkSeen(asked, generation);
  if (!adopted) return notAdopted(asked);
  const entries = generation.catalog.folder(namespaceFolder(namespace));
  const explained: ExplainedEnvironment[] = [];
  for (const environment of environments) {
    const read = async (content: Parameters<Spool["read"]>[0]) =>
      parseYaml((await asked.spool.read(content)).toString("utf8")) as JsonObject;
    explained.push(await explainEnvironment(environment, { ...asked, scope, generation, entries, read }));
  }
  return {
    namespace,
    notAdopted: null,
    snapshots: sources.map(({ snapshotKey }) => snapshotKey),
    objects: [...entries.values()].map(({ ref }) => refTitle(ref)),
    leftOut: Object.fromEntries([...leftOut].map(([reason, objects]) => [reason, [...objects]] as const).sort()),
    blocked: findings.blocked.filter(({ object }) => isIn(object, namespace)),
    secrets: {
      mode: gitops.secrets.mode,
      names: [
        ...new Set(
          findings.secrets.filter(({ folder }) => folder === namespaceFolder(namespace)).map(({ name }) => name),
        ),
      ],
    },
    environments: explained,
  };
}

/** A run's first half, for one namespace. Secrets are noted by name: what would be encrypted here is thrown away. */
async function generationOf(asked: Asked, leftOut: Map<string, Set<string>>, call: Call): Promise<Generation> {
  const { gitops, config, namespace } = asked;
  return generate(
    {
      ...asked,
      cleaner: createCleaner(config.clean),
      namespaces: { globs: [namespace], argocdNamespace: gitops.argocd.namespace },
      repositoryUrl: gitops.repository.url,
      validator: openValidator(gitops, await openPolicies(gitops), asked.sources),
      scanner: createScanner(gitops.scan),
      secretWriter: undefined,
      fingerprint: createFingerprint(config.encryption.identities),
      onObject: () => undefined,
      onLeftOut(folder, reason, ref) {
        if (folder !== namespaceFolder(namespace)) return;
        leftOut.set(reason, (leftOut.get(reason) ?? new Set<string>()).add(refTitle(ref)));
      },
    },
    call,
  );
}

function isIn(title: string, namespace: string): boolean {
  return title === `Namespace ${namespace}` || title.split(" ")[1]?.startsWith(`${namespace}/`) === true;
}

function notAdopted({ namespace, gitops, sources }: Asked): GitOpsExplanation {
  return {
    namespace,
    notAdopted: whyNotAdopted(namespace),
    snapshots: sources.map(({ snapshotKey }) => snapshotKey),
    objects: [],
    leftOut: {},
    blocked: [],
    secrets: { mode: gitops.secrets.mode, names: [] },
    environments: [],
  };
}

function whyNotAdopted(namespace: string): string {
  if (/^(kube-|openshift)/.test(namespace))
    return "namespaces of the platform are adopted only when gitops.namespaces names them";
  return "gitops.namespaces does not name it, and no glob in it fits that is meant for applications";
}

function checkEnvironment({ environment }: ExplainGitOpsOptions, { environments }: GitOpsConfig): void {
  if (environment === undefined || environments[environment] !== undefined) return;
  throw unknown(`there is no environment ${environment}`, `there are ${Object.keys(environments).join(", ")}`);
}

function checkSeen({ namespace, sources }: Asked, { findings }: Generation): void {
  const folder = namespaceFolder(namespace);
  const seen = findings.taken.has(folder) || findings.leftOut.has(folder);
  const named = findings.secrets.some((note) => note.folder === folder);
  if (seen || named || findings.blocked.some(({ object }) => isIn(object, namespace))) return;
  const read = sources.map(({ snapshotKey }) => snapshotKey).join(", ");
  throw unknown(`no snapshot that is read holds the namespace ${namespace} or anything in it`, `${read} was looked at`);
}

function unknown(problem: string, next: string): GitOpsError {
  return new GitOpsError({ kind: "config", who: "gitops", operation: "explain", problem, next });
}
