import type { BlockedObject } from "./report.ts";

/** How alike environments are: names, numbers and paths; of values only those of parameters. */
export interface Likeness {
  /** Those that are compared, in the order of the configuration. */
  readonly environments: readonly ComparedEnvironment[];
  readonly folders: readonly FolderLikeness[];
  /** Those that explain most come first. */
  readonly parameters: readonly FoundParameter[];
  /** At most ten: the objects that differ in most places, those apart that parameters explain. */
  readonly differences: readonly ObjectDifference[];
}

/** An environment, and what it is made from. */
export interface ComparedEnvironment {
  readonly name: string;
  /** "crc.testing/wrl62", and of an earlier snapshot "crc.testing/wrl62@2026-03-01T06:00:00Z". */
  readonly source: string;
}

/** How alike the environments of one folder are. */
export interface FolderLikeness {
  /** "namespaces/shop", "cluster". */
  readonly folder: string;
  /** Those that have anything of it, in the order of the configuration; only these are compared. */
  readonly environments: readonly string[];
  /** All of them: `equal` + `different` + those only in some. With one environment none is compared. */
  readonly objects: number;
  /** Objects that all have, and have alike. */
  readonly equal: number;
  /** Objects that all have, and that are not alike. */
  readonly different: number;
  /** Those of `different` that parameters explain wholly. */
  readonly byParameters: number;
  readonly onlyInSome: readonly ObjectInSome[];
}

/** An object that some environments lack. */
export interface ObjectInSome {
  /** "Deployment shop/debug". */
  readonly object: string;
  /** Those that have it. */
  readonly environments: readonly string[];
  /** Those that lack it here although nothing proves that their clusters do: it was unread there, or a rule leaves it out. */
  readonly unprovenIn: readonly string[];
}

/** A text that is another one in each environment and means the same. */
export interface FoundParameter {
  /** As the configuration calls it, else what it is about: "host suffix", "registry", "LOG_LEVEL". */
  readonly name: string;
  readonly configured: boolean;
  /** By environment, where it was found; "" where that one has nothing in its place. */
  readonly values: Readonly<Record<string, string>>;
  /** Places in which it is all of the difference. */
  readonly places: number;
  /** Objects that these places are in. */
  readonly objects: number;
  /** Places in which something else differs as well; they count as differences. */
  readonly partly: number;
}

/** Where an object differs between environments, parameters apart. */
export interface ObjectDifference {
  readonly folder: string;
  readonly object: string;
  readonly places: number;
  /**
   * JSON Pointers of the first few; elements of lists that have names are called by these. None of an object that holds a
   * credential or stands for a Secret.
   */
  readonly paths: readonly string[];
}

/** What `kubeferry gitops summary` found. */
export interface SummaryReport extends Likeness {
  readonly stage: "summary";
  /** "partial": not everything could be read, see `unread`. "failed": it could not run. */
  readonly status: "complete" | "partial" | "failed";
  /** Keys of the manifests that were read. */
  readonly snapshots: readonly string[];
  /** What could not be read, as sentences; what it holds is in no number here. */
  readonly unread: readonly string[];
  /** Objects that are not in Git, and so were not compared. */
  readonly blocked: readonly BlockedObject[];
}
