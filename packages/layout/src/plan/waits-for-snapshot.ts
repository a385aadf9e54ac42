import { ARGOCD_FOLDER } from "../catalog.ts";
import type { TipFolder } from "../repository/read-tip.ts";
import type { Planning } from "./planning.ts";

/**
 * Says why a folder of the base tip has to wait: it holds something of an environment that has nothing to be made from
 * now, and laying it out without that environment would remove it.
 */
export function waitsForSnapshot(
  folder: string,
  { ownership }: Pick<TipFolder, "ownership">,
  { waiting }: Pick<Planning, "waiting">,
): string | undefined {
  const holds = (environment: string) =>
    folder === ARGOCD_FOLDER
      ? ownership?.files[`root-${environment}.yaml`] !== undefined
      : ownership?.environments[environment] !== undefined;
  return waiting.find(({ name }) => holds(name))?.reason;
}
