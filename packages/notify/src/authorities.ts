import { readFile } from "node:fs/promises";
import { getCACertificates } from "node:tls";
import { NotifyError } from "./notify-error.ts";

/**
 * Certificates to trust: those of the files beside those that Node trusts anyway, so that naming one's own does not
 * shut out the world.
 * @param files PEM, with the key of the configuration that names each
 * @returns undefined where no file is named: Node's own
 * @throws NotifyError "invalid" for a file that cannot be read
 */
export async function authoritiesOf(
  channel: string,
  files: Readonly<Record<string, string | undefined>>,
): Promise<string[] | undefined> {
  const named = Object.entries(files).flatMap(([key, path]) => (path === undefined ? [] : [{ key, path }]));
  if (named.length === 0) return undefined;
  const own = await Promise.all(named.map((file) => read(channel, file)));
  return [...getCACertificates("default"), ...own];
}

async function read(channel: string, { key, path }: { readonly key: string; readonly path: string }): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const problem = "it cannot be read";
    const who = `channel ${channel}`;
    throw new NotifyError({ kind: "invalid", who, operation: `read ${path}`, problem, next: `check ${key}`, cause });
  }
}
