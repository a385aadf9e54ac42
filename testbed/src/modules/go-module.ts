import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { TestbedError } from "../errors.ts";
import { type Environment, manifestsFolder } from "../places.ts";

const run = promisify(execFile);
const downloadTimeoutMs = 5 * 60_000;

/** Go modules whose files tests read, by the folder below `manifests/` that pins each: its name → its module path. */
const modules = {
  "argo-cd": "github.com/argoproj/argo-cd/v3",
  "compose-spec": "github.com/compose-spec/compose-go/v2",
  "cert-manager": "github.com/cert-manager/cert-manager",
  "external-secrets": "github.com/external-secrets/external-secrets",
  openshift: "github.com/openshift/api",
  "prometheus-operator": "github.com/prometheus-operator/prometheus-operator",
} as const;

/** A project whose manifests tests read. */
export type ModuleName = keyof typeof modules;

/**
 * Downloads a pinned module into Go's module cache, unless it is there, and checks its bytes against go.sum.
 * @returns the module's folder in the cache; read-only
 * @throws TestbedError "no-go" without Go, "build-failed" when the module cannot be had
 */
export async function goModule(name: ModuleName, environment: Environment = process.env): Promise<string> {
  try {
    const { stdout } = await run("go", ["mod", "download", "-json", modules[name]], {
      cwd: join(manifestsFolder, name),
      // The module stands alone and is used as committed, whatever the user's Go is set to.
      env: { ...environment, GOFLAGS: "-mod=readonly", GOWORK: "off" },
      timeout: downloadTimeoutMs,
    });
    return (JSON.parse(stdout) as { readonly Dir: string }).Dir;
  } catch (cause) {
    throw unavailable(name, cause as NodeJS.ErrnoException & { readonly stdout?: string; readonly stderr?: string });
  }
}

function unavailable(
  name: ModuleName,
  cause: NodeJS.ErrnoException & { readonly stdout?: string; readonly stderr?: string },
): TestbedError {
  const missing = cause.code === "ENOENT";
  return new TestbedError({
    kind: missing ? "no-go" : "build-failed",
    who: "testbed",
    operation: `get the Go module ${modules[name]}`,
    problem: missing ? "the go command is not on PATH" : `${cause.stderr ?? ""}${cause.stdout ?? ""}`.trim(),
    next: missing
      ? "install Go 1.26.2 or newer (https://go.dev/dl)"
      : "without network it must be in Go's module cache",
    cause,
  });
}
