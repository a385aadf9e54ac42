/** What `/version` answers, in the fields that clients read. */
export interface ServedVersion {
  readonly major: string;
  readonly minor: string;
  /** "v1.35.0+snapshot" */
  readonly gitVersion: string;
  readonly platform: string;
}

/** The document of the core group says which server made it: "1.35"; older ones may not. */
const CORE = "/openapi/v3/api/v1";
const INFO = /"info":\s*\{"title":\s*"Kubernetes",\s*"version":\s*"v?(\d+)\.(\d+)(\.\d+)?[^"]*"/;

/**
 * The version of the API server that was captured, out of its OpenAPI, so that kubectl judges the skew by it; 1.0 where
 * the snapshot does not say it.
 */
export function versionOf(openapi: Readonly<Record<string, string>>): ServedVersion {
  const [, major = "1", minor = "0", patch = ".0"] = INFO.exec(openapi[CORE] ?? "") ?? [];
  return { major, minor, gitVersion: `v${major}.${minor}${patch}+snapshot`, platform: "snapshot" };
}
