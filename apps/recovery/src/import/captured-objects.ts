import { createHash } from "node:crypto";
import { type Call, typeName } from "@kubeferry/model";
import type { CapturedObject, Snapshot, TypeEntry } from "@kubeferry/snapshot";
import { RecoveryError } from "../recovery-error.ts";

/**
 * The objects of a type with what the state says of them, in the order of keys: at most two segments in memory.
 * @throws RecoveryError "damaged" where state and objects do not fit, "config" for one that is encrypted
 */
export async function* capturedObjects(snapshot: Snapshot, type: TypeEntry, call: Call): AsyncIterable<CapturedObject> {
  const states = snapshot.states((each) => typeName(each) === typeName(type), call)[Symbol.asyncIterator]();
  for await (const object of snapshot.objectsOf(type, "", call)) {
    const { value: state } = await states.next();
    const name = `${typeName(type)} ${object.key}`;
    if (state === undefined || state.key !== object.key) throw unfit("damaged", name, "the state names another object");
    if (!object.readable) throw unfit("config", name, "it is encrypted, and no identity opens it");
    const { uid, resourceVersion } = state;
    yield { key: object.key, uid, resourceVersion, line: object.line };
  }
}

/** A digest over every line that passes. */
export interface LinesDigest {
  through(objects: AsyncIterable<CapturedObject>): AsyncIterable<CapturedObject>;
  /** Of what has passed so far; asked once. */
  digest(): string;
}

/** Starts one. */
export function linesDigest(): LinesDigest {
  const hash = createHash("sha256");
  return {
    async *through(objects) {
      for await (const object of objects) {
        hash.update(object.line).update("\n");
        yield object;
      }
    },
    digest: () => hash.digest("hex"),
  };
}

function unfit(kind: "damaged" | "config", name: string, problem: string): RecoveryError {
  return new RecoveryError({ kind, who: "import", operation: `read ${name}`, problem });
}
