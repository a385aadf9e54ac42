import { type Cleaner, createCleaner } from "@kubeferry/clean";
import type { Call } from "@kubeferry/model";
import { type GitOpsConfig, gitopsOf } from "@kubeferry/shared-config";
import { checkParameters } from "./alike/configured.ts";
import { warnOfIdleOverrides } from "./environments/idle-overrides.ts";
import { destinationUids, findKnownClusters } from "./environments/known-clusters.ts";
import { createSettings, type SettingsOf } from "./environments/settings.ts";
import { type Generation, generate } from "./generation.ts";
import type { SnapshotSearch } from "./read/find-snapshot.ts";
import { type ChosenSnapshot, type Environment, openSources, type WaitingEnvironment } from "./read/open-sources.ts";
import type { Source } from "./read/source.ts";
import { createScanner, type Scanner } from "./scan/scanner.ts";
import { createSecretWriter } from "./secrets/create-secret-writer.ts";
import { createFingerprint } from "./secrets/fingerprint.ts";
import type { SecretWriter } from "./secrets/secret-writer.ts";
import { warnOfIdleGlobs } from "./select/idle-globs.ts";
import { type ContentPart, namespaceScopeOf } from "./select/namespace-scope.ts";
import type { Spool } from "./spool.ts";
import { openPolicies, openValidator } from "./validate/open-validator.ts";
import type { PolicyRule } from "./validate/policy/policy-rule.ts";

/** Where the content of a repository comes from. */
export interface InputOptions extends SnapshotSearch {
  /** A snapshot that counts in the place of its cluster's newest. */
  readonly chosen?: ChosenSnapshot;
  /** Left out: everything that `gitops` adopts. */
  readonly only?: ContentPart;
}

/** Everything that content is generated from, opened; nothing of Git is in it. */
export interface Inputs {
  readonly gitops: GitOpsConfig;
  readonly settingsOf: SettingsOf;
  /** Clusters that destinations name, each with its kube-system UID; "" where nobody knows it. */
  readonly destinations: readonly (readonly string[])[];
  readonly cleaner: Cleaner;
  readonly policies: readonly PolicyRule[];
  readonly sources: readonly Source[];
  readonly environments: readonly Environment[];
  /** Those that are configured too, and have nothing to be made from yet. */
  readonly waiting: readonly WaitingEnvironment[];
  /** The part of it that is meant; undefined for everything. */
  readonly only?: ContentPart;
  readonly secretWriter: SecretWriter | undefined;
  readonly scanner: Scanner;
}

/** What is enough to say what content would be; how Git holds Secrets is not asked. */
export type ReadInputs = Omit<Inputs, "secretWriter">;

/**
 * Reads the policies, finds the newest snapshots, and works out what counts where.
 * @throws ConfigError, GitOpsError "no-snapshot", "damaged", "config"
 */
export async function openInputs(options: InputOptions, call: Call): Promise<Inputs> {
  const inputs = await openReadInputs(options, call);
  // The clock only decides whether a certificate is worth a warning.
  return { ...inputs, secretWriter: await createSecretWriter(inputs.gitops.secrets, new Date()) };
}

/** As `openInputs`, for those who write nothing: neither certificate nor recipients have to be there. */
export async function openReadInputs(options: InputOptions, call: Call): Promise<ReadInputs> {
  const gitops = gitopsOf(options.config);
  checkParameters(gitops.parameters);
  const cleaner = createCleaner(options.config.clean);
  const policies = await openPolicies(gitops);
  const { sources, environments, waiting } = await openSources({ ...options, gitops }, call);
  const clusters = await findKnownClusters({ ...options, gitops, sources, environments }, call);
  const settingsOf = createSettings(gitops, clusters);
  const destinations = destinationUids(gitops, clusters);
  const scanner = createScanner(gitops.scan);
  const opened = { gitops, settingsOf, destinations, cleaner, policies, sources, environments, waiting, scanner };
  return { ...opened, ...onlyOf(options) };
}

function onlyOf({ only }: InputOptions): Pick<ReadInputs, "only"> {
  return only === undefined ? {} : { only };
}

/** What inputs are put into, and what opens encrypted values. */
type Generated = Pick<InputOptions, "config"> & { readonly spool: Spool };

/** Says to `generate` what inputs mean; who asks adds what it wants to be told. */
export function generationOptions<Of extends ReadInputs & Generated>(inputs: Of) {
  const { gitops, config } = inputs;
  return {
    ...inputs,
    validator: openValidator(gitops, inputs.policies, inputs.sources),
    fingerprint: createFingerprint(config.encryption.identities),
    namespaces: namespaceScopeOf(gitops, inputs.only),
    clusterScoped: inputs.only?.clusterScoped ?? true,
    repositoryUrl: gitops.repository.url,
  };
}

/**
 * Generates the content of a repository from its inputs.
 * @param onObject called after every object that was read
 */
export async function generateContent(
  inputs: Inputs & Generated,
  onObject: () => void,
  call: Call,
): Promise<Generation> {
  const generation = await generate({ ...generationOptions(inputs), onObject }, call);
  // Of a part most of what is configured matches nothing, and that says nothing.
  if (inputs.only === undefined) {
    warnOfIdleGlobs(inputs.gitops.namespaces, generation.findings);
    warnOfIdleOverrides(inputs, generation.findings);
  }
  for (const warning of generation.findings.warnings)
    call.log.warn("worth a look", { operation: "gitops_finding", warning });
  return generation;
}
