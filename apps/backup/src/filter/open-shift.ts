import type { Discovery } from "@kubeferry/kube";

/** Groups of which every OpenShift cluster serves at least one. */
const TELLING: ReadonlySet<string> = new Set(
  ["route", "build", "image", "apps", "project", "config"].map((name) => `${name}.openshift.io`),
);

/** True for a cluster that serves one of OpenShift's own API groups, or would if the server behind it answered. */
export function isOpenShift({ types, stale }: Pick<Discovery, "types" | "stale">): boolean {
  return [...types, ...stale].some(({ group }) => TELLING.has(group));
}

/** True for a group of OpenShift's: "route.openshift.io". */
export function isOpenShiftGroup(group: string): boolean {
  return group.endsWith(".openshift.io");
}
