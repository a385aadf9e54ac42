import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { TestbedError } from "../errors.ts";
import type { Environment } from "../places.ts";
import { cachedBinary } from "./cache.ts";
import { type BinaryName, type BinarySpec, binarySpec } from "./catalog.ts";

const packageBin = /[\\/]node_modules[\\/]\.bin[\\/]?$/;

/** A program that can be started now. */
export interface ResolvedBinary {
  readonly name: BinaryName;
  readonly path: string;
  readonly source: "KUBEBUILDER_ASSETS" | "PATH" | "cache";
}

/**
 * Finds a program: `KUBEBUILDER_ASSETS` first (the folder that envtest uses), then PATH, then the
 * cache. With `KUBEFERRY_TESTBED_PINNED=1` only the cache counts, that is the pinned version.
 * @returns undefined when it is nowhere.
 */
export function resolveBinary(name: BinaryName, environment: Environment = process.env): ResolvedBinary | undefined {
  const spec = binarySpec(name);
  const offered = environment.KUBEFERRY_TESTBED_PINNED === "1" ? undefined : offeredBinary(spec, environment);
  if (offered !== undefined) return offered;
  const { path } = cachedBinary(spec, environment);
  return isProgram(path) ? { name, path, source: "cache" } : undefined;
}

/** @throws TestbedError "not-built", naming the command that provides it. */
export function requireBinary(name: BinaryName, environment: Environment = process.env): ResolvedBinary {
  const found = resolveBinary(name, environment);
  if (found !== undefined) return found;
  throw new TestbedError({
    kind: "not-built",
    who: "testbed",
    operation: `find ${name}`,
    problem: "it is neither offered nor in the cache",
    next: `run: ${buildCommand([name])}`,
  });
}

/** What a person types to get these programs. */
export function buildCommand(names: readonly BinaryName[]): string {
  return ["npm run testbed -- build", ...names].join(" ");
}

function offeredBinary(spec: BinarySpec, environment: Environment): ResolvedBinary | undefined {
  for (const source of spec.offeredBy) {
    for (const folder of foldersOf(source, environment)) {
      const path = join(folder, spec.name);
      if (isProgram(path)) return { name: spec.name, path, source };
    }
  }
  return undefined;
}

function foldersOf(source: "KUBEBUILDER_ASSETS" | "PATH", environment: Environment): string[] {
  const value = environment[source] ?? "";
  if (source === "KUBEBUILDER_ASSETS") return value === "" ? [] : [value];
  // npm puts node_modules/.bin first on a script's PATH: what lies there is a package of that name, not the server.
  return value.split(delimiter).filter((folder) => folder !== "" && !packageBin.test(folder));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    // Missing, or not ours to run: both mean that it is not here.
    return false;
  }
}
