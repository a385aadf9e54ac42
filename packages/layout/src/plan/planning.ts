import type { Cleaner } from "@kubeferry/clean";
import type { FileTree } from "@kubeferry/git";
import type { GitOpsConfig } from "@kubeferry/shared-config";
import type { ArgoCdSettings } from "../argocd/application.ts";
import type { SettingsOf } from "../environments/settings.ts";
import type { Generation } from "../generation.ts";
import type { LastLook } from "../guard/check-bytes.ts";
import type { Environment, WaitingEnvironment } from "../read/open-sources.ts";
import type { Source } from "../read/source.ts";
import type { Tip } from "../repository/read-tip.ts";
import type { ContentPart } from "../select/namespace-scope.ts";
import type { RepositoryShape } from "../shape/shape.ts";
import type { Spool } from "../spool.ts";

/** Everything that planning looks at. */
export interface Planning {
  readonly cleaner: Cleaner;
  readonly generation: Generation;
  readonly sources: readonly Source[];
  readonly environments: readonly Environment[];
  /** Nothing that Git has of them is touched. */
  readonly waiting: readonly WaitingEnvironment[];
  /** The part of what is adopted that is planned; left out: all of it. */
  readonly only?: ContentPart;
  readonly gitops: GitOpsConfig;
  readonly settingsOf: SettingsOf;
  readonly spool: Spool;
  readonly allowRemovals: boolean;
  readonly tree: FileTree;
  readonly tip: Tip;
  readonly shape: RepositoryShape;
  /** Where earlier runs may have put encrypted Secrets of a folder already; none where nothing is encrypted. */
  earlier(folder: string): readonly string[];
  readonly lastLook: LastLook;
}

/** What the written Applications share. */
export function argocdSettings({ gitops }: { readonly gitops: GitOpsConfig }): ArgoCdSettings {
  const { argocd, repository } = gitops;
  return {
    namespace: argocd.namespace,
    project: argocd.project,
    repositoryUrl: repository.url,
    revision: repository.base,
  };
}
