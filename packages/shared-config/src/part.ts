import type { ConfigProblem } from "./config-error.ts";
import type { Origin, Sourced } from "./sourced.ts";

/** A value written under another name than our key's, on its way to the key. */
export interface Assignment {
  /** Steps of our key. */
  readonly path: readonly string[];
  readonly node: Sourced;
  /** The name it was written under: "backup.minio.bucket", "minio-bucket", "MINIO_BUCKET". */
  readonly old: string;
}

/** What became of one name that is not a key of ours; holds no value. */
export interface OldNameUse {
  readonly old: string;
  readonly origin: Origin;
  /** The keys it was read as; none when it is not used. */
  readonly keys: readonly string[];
  /** Why it is not used, or how it was read; "" when `keys` says all. */
  readonly note: string;
  /** Notes of the same kind are said in one line: those that people should act on are warnings. */
  readonly level: "quiet" | "notice" | "warning";
}

/** What an old `environments` or `clusters` section, or a variable such as PROD_CLUSTER_URL, says of one environment. */
export interface EnvironmentFact {
  readonly environment: string;
  /** "there": it is named; "server": Argo CD deploys it to that URL; "autoSync": whether by itself; "replicas": how many. */
  readonly says: "there" | "server" | "autoSync" | "replicas";
  /** The region whose cluster the server is; an environment can have several. */
  readonly region?: string;
  /** The namespace that alone goes there. */
  readonly namespace?: string;
  readonly node: Sourced;
  readonly old: string;
}

/** What an old name says of a channel that people are told through. */
export interface ChannelFact {
  readonly channel: "webhook" | "slack";
  /** "url": where it is; "channel": where in Slack; "success", "failure": whether runs of that end are told. */
  readonly says: "url" | "channel" | "success" | "failure";
  readonly node: Sourced;
  readonly old: string;
}

/** One source of configuration, read: a file, a folder, the environment or the flags. */
export interface Part {
  /** What stands under our own keys. */
  readonly tree: Sourced | undefined;
  readonly assignments: readonly Assignment[];
  readonly environments: readonly EnvironmentFact[];
  readonly channels: readonly ChannelFact[];
  readonly uses: readonly OldNameUse[];
  readonly problems: readonly ConfigProblem[];
}

/** A part that says nothing. */
export const EMPTY_PART: Part = {
  tree: undefined,
  assignments: [],
  environments: [],
  channels: [],
  uses: [],
  problems: [],
};
