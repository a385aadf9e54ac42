import type { NamedObject } from "@kubeferry/backup";
import { KubeferryError } from "@kubeferry/model";
import type { Config } from "@kubeferry/shared-config";
import type { ClusterArguments } from "../commands/options.ts";
import { connectCluster } from "../compose/connect.ts";
import { clusterLabel, pickClusters } from "../compose/pick-clusters.ts";
import { openSession, type Session } from "../compose/session.ts";
import { ExitCode } from "../exit-code.ts";
import { describeObject, describeTypes } from "../present/explanation.ts";
import { print, printJson } from "../present/print.ts";
import { problemText, reportProblem } from "../present/problem.ts";

/** "object": a word that names none. */
class ExplainError extends KubeferryError<"object"> {}

/** What `kubeferry backup --explain` is asked. */
export interface ExplainArguments extends ClusterArguments {
  /** "" for the table of types, else "deployments/web". */
  readonly explain: string;
  readonly namespace: string | undefined;
}

/** Says what a backup would take and why; nothing is written. @returns 0, or 2 when it cannot be said */
export async function explain(args: ExplainArguments): Promise<number> {
  let session: Session | undefined;
  try {
    session = await openSession(args, "backup");
    const clusters = pickClusters(session.clusters, args.cluster);
    const answers: Answer[] = [];
    for (const config of clusters) answers.push(await answerOrProblem(args, config, session));
    const [only, ...others] = answers;
    if (args.output === "text") print(answers.map(({ text }) => text).join("\n\n"));
    else printJson(others.length === 0 ? only?.json : { clusters: answers.map(({ json }) => json) });
    return answers.some(({ failed }) => failed) ? ExitCode.couldNotRun : ExitCode.done;
  } catch (error) {
    return reportProblem(error, session?.stoppedBy());
  } finally {
    await session?.close();
  }
}

interface Answer {
  readonly text: string;
  readonly json: object;
  readonly failed?: true;
}

/** A cluster of several that cannot be asked does not keep the others from being. */
async function answerOrProblem(args: ExplainArguments, config: Config, session: Session): Promise<Answer> {
  try {
    return await answer(args, config, session);
  } catch (error) {
    if (session.clusters.length === 1 || session.call.signal.aborted || error instanceof ExplainError) throw error;
    const [cluster, problem] = [clusterLabel(config), problemText(error)];
    return { text: `${cluster}\n${problem}`, json: { cluster, error: problem }, failed: true };
  }
}

async function answer(args: ExplainArguments, config: Config, session: Session): Promise<Answer> {
  const { call } = session;
  const { explainObject, explainTypes } = await import("@kubeferry/backup");
  const wanted = args.explain === "" ? undefined : objectOf(args);
  const several = session.clusters.length > 1;
  const heading = several ? `${clusterLabel(config)}\n` : "";
  const named = several ? { cluster: clusterLabel(config) } : {};
  const kube = await connectCluster(config, call);
  try {
    if (wanted === undefined) {
      const explanation = await explainTypes({ kube, config }, call);
      return { text: `${heading}${describeTypes(explanation)}`, json: { ...named, ...explanation } };
    }
    const explained = await explainObject(wanted, { kube, config }, call);
    return { text: `${heading}${describeObject(explained)}`, json: { ...named, ...explained } };
  } finally {
    await kube.close();
  }
}

/** `<type>/<name>` with `--namespace`, or `<type>/<namespace>/<name>`. */
function objectOf({ explain: word, namespace }: ExplainArguments): NamedObject {
  const [type = "", ...names] = word.split("/");
  const [first = "", second] = names;
  const parts = names.length === 2 ? { namespace: first, name: second ?? "" } : { namespace, name: first };
  if (names.length < 1 || names.length > 2 || [type, ...names].includes("")) {
    throw new ExplainError({
      kind: "object",
      who: "kubeferry",
      operation: `--explain ${word}`,
      problem: "expected <type>/<name> or <type>/<namespace>/<name>",
      next: "write for example --explain deployments/web --namespace shop",
    });
  }
  return { type, name: parts.name, ...(parts.namespace === undefined ? {} : { namespace: parts.namespace }) };
}
