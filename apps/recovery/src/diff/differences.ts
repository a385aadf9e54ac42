import { Buffer } from "node:buffer";
import { emitJson } from "@kubeferry/clean";
import { openSpool, type Spool } from "@kubeferry/layout";
import { compareTypes, compareUtf8, type JsonObject, parseJson } from "@kubeferry/model";
import type { ComparedType } from "../sides/side.ts";
import type { ObjectDifference } from "./difference.ts";

/** The differences of a comparison: their names in memory, what differs on disk. */
export interface Differences {
  add(difference: ObjectDifference): Promise<void>;
  /** How many there are, for `backTo`. */
  mark(): number;
  /** Forgets all that came after a mark. */
  backTo(mark: number): void;
  counts(): { readonly added: number; readonly removed: number; readonly changed: number };
  /** By namespace, those of the cluster first; then by type and name. */
  all(): AsyncIterable<ObjectDifference>;
  /** Removes what is on disk. */
  close(): Promise<void>;
}

interface Entry {
  readonly type: ComparedType;
  readonly namespace: string;
  readonly name: string;
  readonly change: ObjectDifference["change"];
  readonly content: Awaited<ReturnType<Spool["put"]>>;
}

/** Opens an empty set of differences. */
export async function createDifferences(): Promise<Differences> {
  const spool = await openSpool();
  const entries: Entry[] = [];
  return {
    async add(difference) {
      const { type, namespace = "", name, change } = difference;
      const content = await spool.put(Buffer.from(emitJson(difference as unknown as JsonObject), "utf8"));
      entries.push({ type, namespace, name, change, content });
    },
    mark: () => entries.length,
    backTo(mark) {
      entries.length = mark;
    },
    counts() {
      const of = (change: Entry["change"]) => entries.filter((entry) => entry.change === change).length;
      return { added: of("added"), removed: of("removed"), changed: of("changed") };
    },
    async *all() {
      for (const { content } of [...entries].sort(compareEntries)) {
        yield parseJson((await spool.read(content)).toString("utf8")) as unknown as ObjectDifference;
      }
    },
    close: () => spool.close(),
  };
}

function compareEntries(left: Entry, right: Entry): number {
  return (
    compareUtf8(left.namespace, right.namespace) ||
    compareTypes(left.type, right.type) ||
    compareUtf8(left.name, right.name)
  );
}
