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
  /** Where its objects are deployed to; undefined for what has no namespace. */
  readonly namespace: string | undefined;
}

/** With tracking by label, Argo CD writes the name into a label of every object. */
const MOST_CHARACTERS = 63;

/**
 * Refuses what Argo CD would let fight: two Applications for the same namespace of the same cluster, or of one name. And
 * names that it could not write into a label.
 * @throws GitOpsError "config"
 */
export function checkDestinations(deployments: readonly Deployment[]): void {
  const places = new Map<string, Deployment>();
  const names = new Map<string, Deployment>();
  for (const deployment of deployments) {
    for (const name of placesOf(deployment.destination)) {
      const { namespace } = deployment;
      const place = `${namespace === undefined ? "what has no namespace" : `namespace ${namespace}`} in ${name}`;
      const same = places.get(place);
      if (same !== undefined) throw samePlace(place, same, deployment);
      places.set(place, deployment);
    }
    const name = applicationName(deployment.folder, deployment.environment, deployment.place);
    if (name.length > MOST_CHARACTERS) throw longName(name, deployment);
    const twin = names.get(name);
    if (twin !== undefined) throw sameName(name, twin, deployment);
    names.set(name, deployment);
  }
}

function samePlace(place: string, first: Deployment, second: Deployment): GitOpsError {
  const problem = `${titleOf(first)} and ${titleOf(second)} would both be deployed to ${place}`;
  return refused(problem, `give gitops.environments.${second.environment} another destination or namespace, or none`);
}

function sameName(name: string, first: Deployment, second: Deployment): GitOpsError {
  const problem = `the Applications of ${titleOf(first)} and ${titleOf(second)} would both be named ${name}`;
  return refused(problem, "rename one of the two environments or places");
}

function longName(name: string, deployment: Deployment): GitOpsError {
  const problem = `the Application of ${titleOf(deployment)} would be named ${name}: ${name.length} characters, and Argo CD writes at most ${MOST_CHARACTERS} into a label`;
  return refused(
    problem,
    "shorten the environment's or the place's name, or leave the namespace out of gitops.namespaces",
  );
}

/** "namespaces/shop/prod", "namespaces/shop/prod (us-east-1)". */
function titleOf({ folder, environment, place }: Deployment): string {
  return `${folder}/${environment}${place === undefined ? "" : ` (${place})`}`;
}

function refused(problem: string, next: string): GitOpsError {
  return new GitOpsError({ kind: "config", who: "gitops", operation: "write Applications", problem, next });
}
