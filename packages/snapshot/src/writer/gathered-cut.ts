import { Buffer } from "node:buffer";
import type { Gatherer } from "../blob/gathered-bytes.ts";
import type { CapturedObject, ObjectVersion } from "../snapshots.ts";

/** Objects between two borders, their lines one behind the other as they are stored, so that joining them copies nothing. */
export interface GatheredCut {
  /** Of all lines, line feeds included. */
  readonly bytes: number;
  /** Takes an object; its line is copied. */
  add(object: CapturedObject): void;
  /** The objects, with lines that hold until `clear`. */
  objects(): readonly CapturedObject[];
  /** Makes room for the next cut. */
  clear(): void;
}

/** Starts with nothing gathered. */
export function createGatheredCut(gatherer: Gatherer): GatheredCut {
  const places: { readonly version: ObjectVersion; readonly start: number; readonly end: number }[] = [];
  const gathered = gatherer.begin();
  return {
    get bytes() {
      return gathered.length;
    },
    add({ key, uid, resourceVersion, line }) {
      const start = gathered.length;
      gathered.add(line);
      places.push({ version: { key, uid, resourceVersion }, start, end: gathered.length });
      gathered.add(LINE_FEED);
    },
    objects: () => places.map(({ version, start, end }) => ({ ...version, line: gathered.view(start, end) })),
    clear() {
      places.length = 0;
      gathered.clear();
    },
  };
}

const LINE_FEED = Buffer.from("\n");
