/** Which folder of the store is a cluster's: names, `{domain}` and `{cluster}` with "/" between; as `layout.root` gives it. */
export type RootTemplate = string;

/** Where clusters lie unless told otherwise. */
export const DEFAULT_ROOT: RootTemplate = "{domain}/{cluster}";

/** "crc.testing/wrl62/": the prefix of everything that belongs to a cluster. */
export function clusterRoot(
  template: RootTemplate,
  cluster: { readonly domain: string; readonly name: string },
): string {
  const steps = template.split("/").map((step) => {
    if (step === "{domain}") return cluster.domain;
    return step === "{cluster}" ? cluster.name : step;
  });
  return `${steps.join("/")}/`;
}
