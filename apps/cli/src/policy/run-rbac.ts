import { emitYaml } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import type { Config } from "@kubeferry/shared-config";
import type { CommonArguments } from "../commands/options.ts";
import { connectCluster } from "../compose/connect.ts";
import { configOfOne } from "../compose/pick-clusters.ts";
import { openSession, type Session } from "../compose/session.ts";
import { ExitCode } from "../exit-code.ts";
import { note, printJson, printRaw } from "../present/print.ts";
import { reportProblem } from "../present/problem.ts";
import { withJobRights } from "./job-rights.ts";
import { PolicyError } from "./policy-error.ts";
import { type RbacObjects, rbacManifests } from "./rbac-manifests.ts";
import { type ReadRights, readRights } from "./read-rights.ts";

/** What `kubeferry policy rbac` is asked. */
export interface RbacPolicyArguments extends CommonArguments {
  readonly cluster: string | undefined;
  readonly fromCluster: boolean;
  readonly openshift: boolean;
  readonly name: string;
  readonly serviceAccount: string | undefined;
}

/** Prints the ClusterRole and the Roles that stage 1 needs, those to make a Job of stage 2 among them. @returns 0, or 2 */
export async function printRbacPolicy(args: RbacPolicyArguments): Promise<number> {
  let session: Session | undefined;
  try {
    session = await openSession(args, "policy");
    const config = configOfOne(session, args.cluster);
    const names = namesIn(args);
    const reads = await rightsFor(config, args, session);
    const rights = withJobRights(reads, config.announce, names.account?.namespace);
    const manifests = rbacManifests(rights, names);
    if (args.output === "json") printJson({ apiVersion: "v1", kind: "List", items: manifests });
    else printRaw(manifests.map((each) => emitYaml(each as unknown as JsonObject)).join("---\n"));
    const { via, cronJob } = config.announce;
    const elsewhere = cronJob?.namespace ?? cronJob?.kubeconfig ?? names.account;
    if (via === "job" && elsewhere === undefined) {
      note("the rights to make a Job of stage 2 are missing: write announce.cronJob.namespace, or --service-account");
    }
    if (rights.customTypesMissing) {
      note("types that are not Kubernetes' own are in no rule; with --from-cluster the cluster is asked for them");
    }
    return ExitCode.done;
  } catch (error) {
    return reportProblem(error, session?.stoppedBy());
  } finally {
    await session?.close();
  }
}

async function rightsFor(
  config: Config,
  { fromCluster, openshift }: RbacPolicyArguments,
  { call }: Session,
): Promise<ReadRights> {
  if (!fromCluster) return readRights(config.backup, { openShift: openshift });
  const kube = await connectCluster(config, call);
  try {
    return readRights(config.backup, { served: (await kube.discover(call)).types });
  } finally {
    await kube.close();
  }
}

function namesIn({ name, serviceAccount }: RbacPolicyArguments): RbacObjects {
  if (serviceAccount === undefined) return { name };
  const [, namespace, account] = /^([^/]+)\/([^/]+)$/.exec(serviceAccount) ?? [];
  if (namespace === undefined || account === undefined) {
    throw new PolicyError({
      kind: "no-policy",
      who: "policy",
      operation: `--service-account ${serviceAccount}`,
      problem: "expected <namespace>/<name>",
      next: "write for example backup-system/kubeferry",
    });
  }
  return { name, account: { namespace, name: account } };
}
