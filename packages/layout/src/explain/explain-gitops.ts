import { parseYaml } from "@kubeferry/clean";
import type { Call, JsonObject } from "@kubeferry/model";
import { type GitOpsConfig, gitopsOf } from "@kubeferry/shared-config";
import { namespaceFolder } from "../catalog.ts";
import type { Content } from "../content.ts";
import { type Generation, generate } from "../generation.ts";
import { refTitle } from "../git-ref.ts";
import { GitOpsError } from "../gitops-error.ts";
import { generationOptions, type InputOptions, openReadInputs, type ReadInputs } from "../inputs.ts";
import { adoptsNamespace, namespaceScopeOf } from "../select/namespace-scope.ts";
import { openSpool, type Spool } from "../spool.ts";
import { type ExplainedEnvironment, explainEnvironment } from "./explain-environment.ts";

/** What is asked. */
export interface ExplainGitOpsOptions extends InputOptions {
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
  checkEnvironment(options, gitopsOf(options.config));
  const inputs = only(options.environment, await openReadInputs(options, call));
  checkBackedUp(options, inputs);
  const spool = await openSpool();
  try {
    return await explain({ ...options, ...inputs, spool }, call);
  } finally {
    await spool.close();
  }
}

/** The inputs of one environment: no other one's source is read through. */
function only(environment: string | undefined, inputs: ReadInputs): ReadInputs {
  const environments = inputs.environments.filter(({ name }) => (environment ?? name) === name);
  const sources = inputs.sources.filter(({ id }) => environments.some(({ source }) => source === id));
  return { ...inputs, environments, sources };
}

/** A question, once its snapshots are open. */
interface Asked extends ExplainGitOpsOptions, ReadInputs {
  readonly spool: Spool;
}

async function explain(asked: Asked, call: Call): Promise<GitOpsExplanation> {
  const { gitops, sources, environments, namespace } = asked;
  const scope = namespaceScopeOf(gitops);
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
    const read = async (content: Content) =>
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
  const { gitops, namespace } = asked;
  return generate(
    {
      ...generationOptions(asked),
      namespaces: namespaceScopeOf({ ...gitops, namespaces: [namespace] }),
      secretWriter: undefined,
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

function checkBackedUp({ environment }: ExplainGitOpsOptions, { waiting }: ReadInputs): void {
  const asked = waiting.find(({ name }) => name === environment);
  if (asked !== undefined) throw unknown(asked.reason, "run kubeferry backup on it first");
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
