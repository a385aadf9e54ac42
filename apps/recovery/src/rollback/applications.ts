import {
  applicationName,
  applicationPath,
  type Environment,
  namespaceOf,
  type Plan,
  prunes,
  type SettingsOf,
} from "@kubeferry/layout";
import type { Call, JsonObject } from "@kubeferry/model";
import type { Patience } from "@kubeferry/publish";

/** An Application of ours that deploys what was rolled back. */
export interface RolledBackApplication {
  /** Its name: "shop-prod". */
  readonly name: string;
  /** Whether a sync removes what is no longer in Git, as the Application itself would. */
  readonly prune: boolean;
}

/** What became of one Application. */
export interface ApplicationReport {
  readonly name: string;
  /** "missing": Argo CD has none of this name. */
  readonly outcome: "synced" | "failed" | "timeout" | "missing";
  /** As Argo CD says: "Synced", "OutOfSync". */
  readonly sync: string;
  /** "Healthy", "Degraded". */
  readonly health: string;
  /** What Argo CD says of a failure, or what a person should know. */
  readonly message?: string;
}

/** The Argo CD that deploys what Git says, as far as a rollback needs it. */
export interface ArgoCd {
  readonly patience: Patience;
  /** @throws RecoveryError "config" where its API is not served */
  check(call: Call): Promise<void>;
  /** An Application as it is now; undefined where there is none. */
  read(name: string, call: Call): Promise<ApplicationState | undefined>;
  /**
   * Asks for a sync to a revision.
   * @returns false where the Application changed since it was read, so that it has to be read again
   */
  requestSync(
    read: ApplicationState,
    sync: { readonly revision: string; readonly prune: boolean },
    call: Call,
  ): Promise<boolean>;
}

/** What an Application says of itself. */
export interface ApplicationState {
  readonly name: string;
  /** Whether a sync is asked for or under way. */
  readonly busy: boolean;
  /** The last sync, texts that are not there empty. */
  readonly last: {
    /** "Succeeded", "Failed", "Error", "Running". */
    readonly phase: string;
    readonly revision: string;
    readonly startedAt: string;
    readonly message: string;
  };
  readonly sync: string;
  /** The revision that `sync` is about. */
  readonly revision: string;
  readonly health: string;
  /** Objects that are not as Git says, and those of them that are only in the cluster still. */
  readonly outOfSync: { readonly objects: number; readonly toBePruned: number };
  /** The whole object, as it was read. */
  readonly object: JsonObject;
}

/** The Applications of the folders that a rollback laid out; a folder that is left alone is not synced either. */
export function applicationsOf(
  { folders }: Plan,
  facts: { readonly environments: readonly Environment[]; readonly settingsOf: SettingsOf; readonly source: string },
): readonly RolledBackApplication[] {
  const environments = facts.environments.filter(({ source }) => source === facts.source);
  return folders.flatMap(({ folder, wanted }) =>
    environments.flatMap(({ name }) => {
      const settings = facts.settingsOf(namespaceOf(folder), name);
      const deployed = settings.places.filter((place) => wanted?.has(applicationPath(name, place.name)) === true);
      return deployed.map((place) => ({
        name: applicationName(folder, name, place.name),
        prune: prunes({ folder, settings }),
      }));
    }),
  );
}
