import { Buffer } from "node:buffer";
import type { Gatherer } from "../blob/gathered-bytes.ts";
import { joinLines } from "../segment/lines.ts";
import type { CapturedObject, ObjectVersion } from "../snapshots.ts";

/** An object of a cut. */
export interface GatheredObject extends CapturedObject {
  /** It was looked through for credentials when the parent was written, and held none. */
  readonly isSearched?: boolean | undefined;
}

/** Objects between two borders, their lines one behind the other as they are stored, so that joining them copies nothing. */
export interface GatheredCut {
  /** Of all lines, line feeds included. */
  readonly bytes: number;
  /** Takes an object; its line is copied. */
  add(object: CapturedObject): void;
  /** Takes objects whose lines lie one behind the other in memory: they are copied as one. */
  addRun(objects: readonly CapturedObject[], isSearched: boolean): void;
  /** The objects, with lines that hold until `clear`. */
  objects(): readonly GatheredObject[];
  /** Makes room for the next cut. */
  clear(): void;
}

/** Starts with nothing gathered. */
export function createGatheredCut(gatherer: Gatherer): GatheredCut {
  const places: Place[] = [];
  const gathered = gatherer.begin();
  return {
    get bytes() {
      return gathered.length;
    },
    add({ key, uid, resourceVersion, line }) {
      const start = gathered.length;
      gathered.add(line);
      places.push({ key, uid, resourceVersion, start, end: gathered.length });
      gathered.add(LINE_FEED);
    },
    addRun(objects, isSearched) {
      let start = gathered.length;
      gathered.add(joinLines(objects.map(({ line }) => line)));
      for (const { key, uid, resourceVersion, line } of objects) {
        const end = start + line.length;
        places.push({ key, uid, resourceVersion, isSearched, start, end });
        start = end + 1;
      }
    },
    objects: () =>
      places.map(({ key, uid, resourceVersion, isSearched, start, end }) => {
        return { key, uid, resourceVersion, isSearched, line: gathered.view(start, end) };
      }),
    clear() {
      places.length = 0;
      gathered.clear();
    },
  };
}

interface Place extends ObjectVersion, Pick<GatheredObject, "isSearched"> {
  readonly start: number;
  readonly end: number;
}

const LINE_FEED = Buffer.from("\n");
