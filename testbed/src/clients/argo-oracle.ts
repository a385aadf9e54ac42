import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { TestbedError } from "../errors.ts";

/** The ways in which Argo CD compares: the usual one, with `ServerSideApply=true`, with `ServerSideDiff=true`. */
export type ArgoMode = "three-way" | "structured-merge" | "server-side";

/** Where an object in the cluster is not what a sync would make of it. */
export interface ArgoDifference {
  /** A JSON pointer. */
  readonly path: string;
  /** As JSON, shortened; absent where there is nothing, and for Secrets. */
  readonly live?: string;
  readonly wanted?: string;
}

/** What Argo CD would show of one object in one mode. */
export interface ArgoJudgement {
  /** "apps/Deployment shop/web"; "/Namespace /shop" without group and namespace. */
  readonly id: string;
  readonly mode: ArgoMode;
  readonly differences: readonly ArgoDifference[];
  /** It could not be compared, which Argo CD shows as an error of the whole Application. */
  readonly error?: string;
}

/** What Argo CD compares with the cluster. */
interface ArgoApplication {
  readonly application: string;
  /** Its destination's; undefined for an Application of cluster-scoped objects. */
  readonly namespace?: string | undefined;
  /** What `kustomize build` wrote. */
  readonly build: string;
}

/** The Go program that compares as Argo CD does. */
export interface ArgoOracle {
  /**
   * Argo CD's tracking annotation is put on each object first, as it does itself.
   * @returns three judgements an object, one a mode
   * @throws TestbedError "bad-request" when the build or the cluster cannot be read, "died" when the program ended
   */
  judge(application: ArgoApplication): Promise<readonly ArgoJudgement[]>;
  /** Waits for what was asked and ends the program. */
  close(): Promise<void>;
}

interface Answer {
  readonly objects: readonly ArgoJudgement[];
  readonly error?: string;
}

interface Waiting {
  readonly resolve: (judgements: readonly ArgoJudgement[]) => void;
  readonly reject: (error: Error) => void;
}

/** Starts the oracle, which knows the types that are served by then; it lives until `close` or until this process ends. */
export function openArgoOracle(program: string, kubeconfig: string): ArgoOracle {
  const child = spawn(program, ["-kubeconfig", kubeconfig], { stdio: ["pipe", "pipe", "inherit"] });
  const waiting: Waiting[] = [];
  const closed = once(child, "close");
  createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY }).on("line", (line) => {
    const answer = JSON.parse(line) as Answer;
    const asker = waiting.shift();
    if (answer.error === undefined) asker?.resolve(answer.objects);
    else asker?.reject(oracleError("bad-request", answer.error, "look at the build and at the kubeconfig"));
  });
  child.once("close", (code) => {
    const error = oracleError("died", `the program ended with ${code ?? "a signal"}`, "see what it wrote to stderr");
    for (const { reject } of waiting.splice(0)) reject(error);
  });
  // Writing to a program that has ended fails too; the askers learn it from its end.
  child.stdin.on("error", () => undefined);
  return {
    judge(application) {
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        child.stdin.write(`${JSON.stringify(application)}\n`);
      });
    },
    async close() {
      child.stdin.end();
      await closed;
    },
  };
}

function oracleError(kind: "bad-request" | "died", problem: string, next: string): TestbedError {
  return new TestbedError({ kind, who: "argo-oracle", operation: "judge", problem, next });
}
