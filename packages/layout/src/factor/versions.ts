import { Buffer } from "node:buffer";
import { emitYaml } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import type { Content, ContentStore } from "../content.ts";
import { parseObject } from "../parse-object.ts";

/** An object as one file has it. */
export interface Version {
  readonly content: Content;
  readonly object: JsonObject;
  /** Of its file. */
  readonly lines: number;
}

/** The versions of one object, held for as long as it is looked at. */
export interface Versions {
  /** Equal bytes are read and parsed once, and are the very same version. */
  of(content: Content): Promise<Version>;
  /** A version that no environment has. */
  put(object: JsonObject): Promise<Version>;
}

/** Opens the versions of one object. */
export function openVersions(store: ContentStore): Versions {
  const known = new Map<string, Version>();
  return {
    async of(content) {
      const found = known.get(content.sha256) ?? (await readVersion(content, store));
      known.set(content.sha256, found);
      return found;
    },
    async put(object) {
      const bytes = Buffer.from(emitYaml(object), "utf8");
      const version = { content: await store.put(bytes), object, lines: countLines(bytes) };
      known.set(version.content.sha256, version);
      return version;
    },
  };
}

/** How many lines a file has. */
export function countLines(file: Buffer): number {
  let lines = 0;
  for (let end = file.indexOf(LINE_END); end >= 0; end = file.indexOf(LINE_END, end + 1)) lines += 1;
  return lines;
}

const LINE_END = 0x0a;

async function readVersion(content: Content, store: ContentStore): Promise<Version> {
  const bytes = await store.read(content);
  return { content, object: parseObject(bytes), lines: countLines(bytes) };
}
