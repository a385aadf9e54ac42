import type { DestinationConfig } from "@kubeferry/shared-config";
import { GitOpsError } from "../gitops-error.ts";
import { applicationName, placesOf } from "./names.ts";

/** A folder that an environment deploys. */
export interface Deployment {
  readonly folder: string;
  readonly environment: string;
  /** Its name among several. */
  readonly place?: string | undefined;
  readonly destination: DestinationConfig;
}

/**
 * Refuses what Argo CD would let fight: two Applications for the same namespace of the same cluster, or of one name.
 * @throws GitOpsError "config"
 */
export function checkDestinations(deployments: readonly Deployment[]): void {
  const places = new Map<string, Deployment>();
  const names = new Map<string, Deployment>();
  for (const deployment of deployments) {
    for (const name of placesOf(deployment.destination)) {
      const place = `${deployment.folder} in ${name}`;
      const same = places.get(place);
      if (same !== undefined) throw samePlace(place, same.environment, deployment.environment);
      places.set(place, deployment);
    }
    const name = applicationName(deployment.folder, deployment.environment, deployment.place);
    const twin = names.get(name);
    if (twin !== undefined) throw sameName(name, twin, deployment);
    names.set(name, deployment);
  }
}

function samePlace(place: string, first: string, second: string): GitOpsError {
  return new GitOpsError({
    kind: "config",
    who: "gitops",
    operation: "write Applications",
    problem: `environments ${first} and ${second} would both deploy ${place}`,
    next: `give gitops.environments.${second} another destination, or none`,
  });
}

function sameName(name: string, first: Deployment, second: Deployment): GitOpsError {
  const both = [first, second].map(({ folder, environment }) => `${folder}/${environment}`).join(" and ");
  return new GitOpsError({
    kind: "config",
    who: "gitops",
    operation: "write Applications",
    problem: `${both} would both be named ${name}`,
    next: "rename one of the two environments",
  });
}
