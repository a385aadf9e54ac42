import { readFileSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { parseDocument } from "yaml";
import { KubeError } from "../kube-error.ts";
import { type ClusterEntry, KubeconfigFile, type UserEntry } from "./kubeconfig-schema.ts";

/** All entries of one or more kubeconfig files; of two entries of one name the first counts, as with kubectl. */
export interface Kubeconfig {
  /** The files it was read from. */
  readonly files: readonly string[];
  readonly currentContext: string | undefined;
  readonly clusters: ReadonlyMap<string, ClusterEntry | null | undefined>;
  readonly users: ReadonlyMap<string, UserEntry | null | undefined>;
  readonly contexts: ReadonlyMap<
    string,
    | {
        readonly cluster: string;
        readonly user?: string | null | undefined;
        readonly namespace?: string | null | undefined;
      }
    | null
    | undefined
  >;
}

/**
 * Reads kubeconfig files; paths in them become absolute, because they are meant relative to their file.
 * @throws KubeError "config" for one that is missing or no kubeconfig
 */
export function readKubeconfig(files: readonly string[]): Kubeconfig {
  const parsed = files.map((file) => withAbsolutePaths(readOne(file), dirname(resolve(file))));
  return {
    files,
    currentContext:
      parsed.map((file) => file["current-context"]).find((name) => name != null && name !== "") ?? undefined,
    clusters: firstOfEach(parsed.map((file) => file.clusters)),
    users: firstOfEach(parsed.map((file) => file.users)),
    contexts: firstOfEach(parsed.map((file) => file.contexts)),
  };
}

function firstOfEach<Value>(maps: readonly ReadonlyMap<string, Value>[]): Map<string, Value> {
  return new Map(maps.toReversed().flatMap((map) => [...map]));
}

function readOne(file: string): KubeconfigFile {
  // Neither the parser's nor the schema's words are passed on whole: they quote the text, and the text holds keys.
  const document = parseDocument(textOf(file), { prettyErrors: false });
  if (document.errors.length > 0) throw unusable(file, "it is no YAML");
  const parsed = KubeconfigFile.safeParse(document.toJS() ?? {});
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join(".") ?? "";
  throw unusable(file, `it is no kubeconfig: look at "${where}"`);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw unusable(file, missing ? "the file is missing" : "the file cannot be read", cause);
  }
}

function unusable(file: string, problem: string, cause?: unknown): KubeError {
  return new KubeError({
    kind: "config",
    who: "kube",
    operation: `read kubeconfig ${file}`,
    problem,
    next: "check kubernetes.kubeconfig and KUBECONFIG",
    cause,
  });
}

const clusterPaths = ["certificate-authority"] as const;
const userPaths = ["client-certificate", "client-key", "tokenFile"] as const;

function withAbsolutePaths(file: KubeconfigFile, folder: string): KubeconfigFile {
  for (const cluster of file.clusters.values()) {
    for (const key of clusterPaths) if (cluster?.[key]) cluster[key] = absolute(folder, cluster[key]);
  }
  for (const user of file.users.values()) {
    for (const key of userPaths) if (user?.[key]) user[key] = absolute(folder, user[key]);
    const command = user?.exec?.command;
    // A bare name is looked for on PATH; one with a slash is a file beside the kubeconfig.
    if (user?.exec && typeof command === "string" && /[\\/]/.test(command)) {
      user.exec.command = absolute(folder, command);
    }
  }
  return file;
}

function absolute(folder: string, path: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}
