import { type ArgoJudgement, type ArgoMode, type KubeApi, servers } from "@kubeferry/testbed";
import type { DeployedApplication } from "./adopted.ts";

/** What Argo CD cannot compare, or shows for good, whatever Git says. */
export interface KnownJudgement {
  /** Of an object's id: "apps/Deployment shop/web". */
  readonly of: RegExp;
  readonly modes: readonly ArgoMode[];
  readonly reason: string;
}

/** What Argo CD would show of all objects of some Applications, in each of its ways to compare. */
export async function judge(kube: KubeApi, applications: readonly DeployedApplication[]): Promise<ArgoJudgement[]> {
  const oracle = servers.argoOracle(kube.kubeconfig);
  try {
    const judged = applications.map(({ name, namespace, build }) =>
      oracle.judge({ application: name, namespace, build }),
    );
    return (await Promise.all(judged)).flat();
  } finally {
    await oracle.close();
  }
}

/** Whether Argo CD would show more than the annotations that it reads itself. */
export function shows({ error, differences }: ArgoJudgement): boolean {
  return error !== undefined || differences.some(({ path }) => !ARGO_ANNOTATION.test(path));
}

/** Whether a judgement is on a list. */
export function isAmong(known: readonly KnownJudgement[], { id, mode }: ArgoJudgement): boolean {
  return known.some(({ of, modes }) => of.test(id) && modes.includes(mode));
}

/** Everything that is neither on the list nor an annotation for Argo CD that the cluster does not have yet. */
export function unexplained(judged: readonly ArgoJudgement[], known: readonly KnownJudgement[]): string[] {
  return judged
    .filter((each) => !isAmong(known, each))
    .flatMap(({ id, mode, error, differences }) => {
      if (error !== undefined) return [`${mode} ${id}: ${error}`];
      const others = differences.filter(({ path, live }) => live !== undefined || !ARGO_ANNOTATION.test(path));
      return others.map((difference) => `${mode} ${id}: ${JSON.stringify(difference)}`);
    });
}

const ARGO_ANNOTATION = /^\/metadata\/annotations\/argocd\.argoproj\.io~1(tracking-id|sync-options|sync-wave)$/;
