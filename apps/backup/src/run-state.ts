import { type BackupReport, type Failure, KubeferryError, type SkippedType } from "@kubeferry/model";
import type { ObjectFilter } from "./filter/object-filter.ts";

/** What a run gathers while it works; turned into the report at its end. */
export interface RunState {
  /** The filters of the types that were read. */
  readonly read: Map<string, ObjectFilter>;
  /** Types whose earlier objects are named again, because they are unread or filtered. */
  readonly carried: Set<string>;
  /** Names of the CustomResourceDefinitions read in this run: "widgets.example.com". */
  readonly defined: Set<string>;
  /** Namespaces of which at least one object was captured. */
  readonly namespaces: Set<string>;
  /** Types that could not be read, each with the reason. */
  readonly unread: Map<string, string>;
  /** Types whose list is not of the revision or revisions that were asked for, and why. */
  readonly apart: Map<string, string>;
  /** Objects written by this run that look like they hold a credential. */
  readonly found: BackupReport["findings"]["found"][number][];
  readonly skipped: SkippedType[];
  readonly failures: Failure[];
  /** What is no failure and worth a look: filters that fit nothing. */
  readonly warnings: string[];
  objects: number;
  segmentsWritten: number;
  segmentsReused: number;
}

/** A run that has seen nothing yet. */
export function newRunState(): RunState {
  return {
    read: new Map(),
    carried: new Set(),
    defined: new Set(),
    namespaces: new Set(),
    unread: new Map(),
    apart: new Map(),
    found: [],
    skipped: [],
    failures: [],
    warnings: [],
    objects: 0,
    segmentsWritten: 0,
    segmentsReused: 0,
  };
}

/** One thing that went wrong, as reports carry it. */
export function failureOf(target: string, error: unknown): Failure {
  const kind = error instanceof KubeferryError ? error.kind : "unexpected";
  return { target, kind, message: error instanceof Error ? error.message : String(error) };
}
