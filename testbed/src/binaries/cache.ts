import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { TestbedError } from "../errors.ts";
import { cacheFolder, type Environment, serversFolder } from "../places.ts";
import type { BinarySpec } from "./catalog.ts";

const goSystems: Readonly<Record<string, string>> = { win32: "windows", sunos: "solaris" };
const goArchitectures: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386" };

/** The platform that is built for, in Go's words. */
export const goPlatform: Readonly<{ os: string; arch: string }> = {
  os: goSystems[process.platform] ?? process.platform,
  arch: goArchitectures[process.arch] ?? process.arch,
};

/** Where one built program lies in the cache. */
export interface CachedBinary {
  readonly version: string;
  /** Holds the program and, where it needs some, `static/`. */
  readonly folder: string;
  readonly path: string;
  readonly staticFolder: string;
}

/**
 * Names the place of a program in the cache, whether it has been built or not. Everything that
 * changes the program changes the place, so that checkouts of different ages share one cache.
 */
export function cachedBinary(spec: BinarySpec, environment: Environment = process.env): CachedBinary {
  const version = pinnedVersion(spec);
  const folder = join(cacheFolder(environment), `${spec.name}-${version}-${fingerprint(spec, version)}`);
  return { version, folder, path: join(folder, spec.name), staticFolder: join(folder, "static") };
}

/** The version of a program, as its go.mod requires it. */
export function pinnedVersion(spec: BinarySpec): string {
  const text = readFileSync(join(serversFolder, spec.module, "go.mod"), "utf8");
  for (const line of text.split("\n")) {
    const [path, version] = line
      .trim()
      .replace(/^require /, "")
      .split(/\s+/);
    if (path === spec.pinned && version?.startsWith("v")) return version;
  }
  throw new TestbedError({
    kind: "build-failed",
    who: "testbed",
    operation: `read servers/${spec.module}/go.mod`,
    problem: `it requires no version of ${spec.pinned}`,
    next: "require one, or correct `pinned` in the catalog",
  });
}

/** The flags of `go build` for a program, apart from the output and the package. */
export function buildFlags(spec: BinarySpec, version: string): string[] {
  const variables = Object.entries(spec.linkerVariables).map(
    ([name, value]) => `-X ${name}=${value.replace("$version", version).replace("$number", version.slice(1))}`,
  );
  return [
    "-trimpath",
    "-buildvcs=false",
    `-ldflags=${["-s -w", ...variables].join(" ")}`,
    ...(spec.tags.length > 0 ? [`-tags=${spec.tags.join(",")}`] : []),
  ];
}

function fingerprint(spec: BinarySpec, version: string): string {
  const hash = createHash("sha256");
  const flags = [...buildFlags(spec, version), spec.package, `cgo=${spec.cgo}`, ...spec.staticFolders];
  hash.update(JSON.stringify([flags, goPlatform]));
  const folder = join(serversFolder, spec.module);
  for (const file of readdirSync(folder).sort()) {
    if (/\.(go|mod|sum)$/.test(file)) hash.update(`\n${file}\n`).update(readFileSync(join(folder, file)));
  }
  return hash.digest("hex").slice(0, 12);
}
