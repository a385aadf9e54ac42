import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Environment } from "../places.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { cachedBinary } from "./cache.ts";
import { type BinaryName, binarySpec } from "./catalog.ts";
import { requireBinary, resolveBinary } from "./resolve.ts";

describe("resolving a program", () => {
  it("takes KUBEBUILDER_ASSETS before PATH before the cache", () => {
    const places = createPlaces();
    expect(resolveBinary("etcd", places.environment)).toBeUndefined();
    const cached = places.cache("etcd");
    expect(resolveBinary("etcd", places.environment)).toEqual({ name: "etcd", path: cached, source: "cache" });
    const onPath = program(places.path, "etcd");
    expect(resolveBinary("etcd", places.environment)).toEqual({ name: "etcd", path: onPath, source: "PATH" });
    const asset = program(places.assets, "etcd");
    expect(resolveBinary("etcd", places.environment)?.path).toBe(asset);
  });

  it("takes only the control plane's programs from KUBEBUILDER_ASSETS", () => {
    const places = createPlaces();
    program(places.assets, "minio");
    program(places.assets, "kubectl");
    expect(resolveBinary("minio", places.environment)).toBeUndefined();
    expect(resolveBinary("kubectl", places.environment)?.source).toBe("KUBEBUILDER_ASSETS");
  });

  it("passes over what an npm package put on PATH", () => {
    const places = createPlaces();
    const bin = join(places.path, "node_modules", ".bin");
    program(bin, "minio");
    const environment = { ...places.environment, PATH: `${bin}:${bin}/:${places.path}` };
    expect(resolveBinary("minio", environment)).toBeUndefined();
    const real = program(places.path, "minio");
    expect(resolveBinary("minio", environment)?.path).toBe(real);
  });

  it("passes over a folder and a file that cannot be run", () => {
    const places = createPlaces();
    mkdirSync(join(places.path, "minio"));
    mkdirSync(places.assets, { recursive: true });
    writeFileSync(join(places.assets, "etcd"), "", { mode: 0o644 });
    expect(resolveBinary("minio", places.environment)).toBeUndefined();
    expect(resolveBinary("etcd", places.environment)).toBeUndefined();
  });

  it("takes gitea and the oracle from the cache only", () => {
    const places = createPlaces();
    program(places.path, "gitea");
    program(places.path, "yaml-oracle");
    expect(resolveBinary("gitea", places.environment)).toBeUndefined();
    expect(resolveBinary("yaml-oracle", places.environment)).toBeUndefined();
    expect(resolveBinary("gitea", { ...places.environment, PATH: "" })).toBeUndefined();
    expect(places.cache("gitea")).toBe(resolveBinary("gitea", places.environment)?.path);
  });

  it("takes only pinned versions with KUBEFERRY_TESTBED_PINNED=1", () => {
    const places = createPlaces();
    program(places.path, "kubectl");
    expect(resolveBinary("kubectl", { ...places.environment, KUBEFERRY_TESTBED_PINNED: "1" })).toBeUndefined();
  });

  it("names the command that provides a missing one", () => {
    const { environment } = createPlaces();
    expect(() => requireBinary("kustomize", environment)).toThrow(
      "testbed: find kustomize: not-built: it is neither offered nor in the cache; run: npm run testbed -- build kustomize",
    );
  });
});

describe("the place in the cache", () => {
  it("holds the pinned version and lies where the variables say", () => {
    const spec = binarySpec("kube-apiserver");
    const at = (environment: Environment) => cachedBinary(spec, environment).folder;
    expect(at({ KUBEFERRY_TESTBED_CACHE: "/c" })).toMatch(/^\/c\/kube-apiserver-v1\.35\.4-[0-9a-f]{12}$/);
    expect(at({ XDG_CACHE_HOME: "/x" })).toMatch(/^\/x\/kubeferry-testbed\/kube-apiserver-/);
    expect(at({ KUBEFERRY_TESTBED_CACHE: "", XDG_CACHE_HOME: "/x" })).toMatch(/^\/x\//);
  });
});

interface Places {
  readonly assets: string;
  readonly path: string;
  readonly environment: Environment;
  cache(name: BinaryName): string;
}

function createPlaces(): Places {
  const base = temporaryFolder();
  const [assets, path, cache] = [join(base, "assets"), join(base, "path"), join(base, "cache")];
  mkdirSync(path);
  const environment = { KUBEBUILDER_ASSETS: assets, PATH: path, KUBEFERRY_TESTBED_CACHE: cache };
  return {
    assets,
    path,
    environment,
    cache: (name) => program(dirname(cachedBinary(binarySpec(name), environment).path), name),
  };
}

function program(folder: string, name: string): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, "#!/bin/sh\n", { mode: 0o755 });
  return path;
}
