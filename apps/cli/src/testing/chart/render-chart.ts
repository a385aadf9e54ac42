import { execFile } from "node:child_process";
import { globSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { servers } from "@kubeferry/testbed";
import { parseAllDocuments } from "yaml";

const run = promisify(execFile);

/** The chart's folder. */
export const CHART = join(import.meta.dirname, "../../../../../charts/kubeferry");

/** The chart's examples, by name: "webhook". */
export const EXAMPLES: readonly string[] = globSync("examples/*.yaml", { cwd: CHART })
  .map((file) => basename(file, ".yaml"))
  .toSorted();

/** An object that the chart makes, as far as tests look into it. */
export interface ChartObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly rules?: readonly PolicyRule[];
  readonly spec?: unknown;
}

/** One rule of a role. */
export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** What a release is made of. */
export interface ReleaseOptions {
  readonly example: string;
  /** Default "kubeferry". */
  readonly namespace?: string;
  /** `backup.secrets=omit`, as `--set` takes it. */
  readonly set?: readonly string[];
}

/** Renders an example as release `r` with the real helm. @throws what helm says, under `stderr` */
export async function renderChart({
  example,
  namespace = "kubeferry",
  set = [],
}: ReleaseOptions): Promise<readonly ChartObject[]> {
  const values = join(CHART, "examples", `${example}.yaml`);
  const args = ["template", "r", CHART, "--namespace", namespace, "--values", values];
  const { stdout } = await run(servers.binary("helm"), [...args, ...set.flatMap((each) => ["--set", each])], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return parseAllDocuments(stdout).flatMap((document) => (document.contents === null ? [] : [document.toJS()]));
}
