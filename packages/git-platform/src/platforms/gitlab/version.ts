/** A version of GitLab in numbers. */
export interface GitLabVersion {
  readonly major: number;
  readonly minor: number;
}

/** Reads "17.11.0-ee"; one that is no number counts as the newest, as development builds are. */
export function parseVersion(text: string): GitLabVersion {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(text) ?? [];
  if (major === undefined || minor === undefined) return { major: Number.POSITIVE_INFINITY, minor: 0 };
  return { major: Number(major), minor: Number(minor) };
}

/** Whether a version is this one or a later one. */
export function isAtLeast(version: GitLabVersion, major: number, minor: number): boolean {
  return version.major > major || (version.major === major && version.minor >= minor);
}
