import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** The environment that decides where things lie; an argument, so that tests can bring their own. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The folder of this package. */
export const testbedFolder: string = dirname(import.meta.dirname);

/** One folder with a go.mod for each server. */
export const serversFolder: string = join(testbedFolder, "servers");

/** One folder with a go.mod for each project whose manifests tests read. */
export const manifestsFolder: string = join(testbedFolder, "manifests");

/**
 * Where runs keep their processes' records, logs and data: `.testbed/` of the checkout,
 * or `KUBEFERRY_TESTBED_HOME`.
 */
export function testbedHome(environment: Environment = process.env): string {
  return resolve(filled(environment.KUBEFERRY_TESTBED_HOME) ?? join(dirname(testbedFolder), ".testbed"));
}

/**
 * Where built servers are kept, outside every checkout: `KUBEFERRY_TESTBED_CACHE`, else
 * `$XDG_CACHE_HOME/kubeferry-testbed`, else `~/.cache/kubeferry-testbed`.
 */
export function cacheFolder(environment: Environment = process.env): string {
  const chosen = filled(environment.KUBEFERRY_TESTBED_CACHE);
  if (chosen !== undefined) return resolve(chosen);
  return join(filled(environment.XDG_CACHE_HOME) ?? join(homedir(), ".cache"), "kubeferry-testbed");
}

/** An empty variable counts as unset, as shells have it. */
function filled(value: string | undefined): string | undefined {
  return value === "" ? undefined : value;
}
