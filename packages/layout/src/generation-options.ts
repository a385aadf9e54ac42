import type { Cleaner } from "@kubeferry/clean";
import type { SettingsOf } from "./environments/settings.ts";
import type { Findings } from "./findings.ts";
import type { Environment } from "./read/open-sources.ts";
import type { Source } from "./read/source.ts";
import type { Scanner } from "./scan/scanner.ts";
import type { Fingerprint } from "./secrets/fingerprint.ts";
import type { SecretWriter } from "./secrets/secret-writer.ts";
import type { NamespaceScope } from "./select/namespace-scope.ts";
import type { Spool } from "./spool.ts";
import type { Validator } from "./validate/validator.ts";

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
