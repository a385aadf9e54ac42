import { mkdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { serveSnapshot } from "@kubeferry/kube-replay";
import { type BackupReport, type GitOpsReport, silentLog } from "@kubeferry/model";
import { openSession } from "../compose/session.ts";
import { codeOf } from "../exit-code.ts";
import { note, print } from "../present/print.ts";
import { reportProblem } from "../present/problem.ts";
import { drawTree } from "../present/tree.ts";
import { backupStage } from "../stages/backup-stage.ts";
import { gitopsStage } from "../stages/gitops-stage.ts";
import { type BareRepository, bareRepository } from "./bare-repository.ts";
import { demoConfig } from "./demo-config.ts";
import { exampleSnapshot } from "./example-snapshot.ts";

const BRANCH = "kubeferry/main";
const SHOWN_NAMESPACE = "namespaces/shop";

/**
 * Runs both stages on an example cluster that is served from a snapshot in this process: a folder is the object store,
 * a local bare repository the Git host. A second run finds nothing to do.
 */
export async function runDemo(folder: string): Promise<number> {
  const call = { signal: new AbortController().signal, log: silentLog };
  try {
    note("Starting the example cluster: a snapshot of a real API server, served on loopback, read-only");
    await mkdir(folder, { recursive: true });
    const cluster = await serveSnapshot(await exampleSnapshot(call), { port: 0 }, call);
    try {
      await writeFile(join(folder, "kubeconfig"), cluster.kubeconfig, { mode: 0o600 });
      await writeFile(join(folder, "kubeferry.yaml"), demoConfig());
      const repository = await bareRepository(join(folder, "fleet.git"));
      return await runBoth(folder, repository);
    } finally {
      await cluster.close();
    }
  } catch (error) {
    return reportProblem(error, undefined);
  }
}

async function runBoth(folder: string, repository: BareRepository): Promise<number> {
  const config = join(folder, "kubeferry.yaml");
  const session = await openSession(
    { config: [config], configDir: [], set: ["log.level=error"], output: "text" },
    "demo",
  );
  try {
    note(`Stage 1: cluster -> object store (${relative(process.cwd(), join(folder, "store"))})`);
    const backup = await backupStage(session, {});
    note(`Stage 2: object store -> Git (${relative(process.cwd(), repository.folder)}, branch ${BRANCH})`);
    const gitops = await gitopsStage(session, { allowRemovals: false });
    print(await describe({ folder, config, repository, backup, gitops }));
    const stoppedBy = session.stoppedBy();
    return Math.max(codeOf(backup.status, stoppedBy), codeOf(gitops.status, stoppedBy));
  } finally {
    await session.close();
  }
}

interface Outcome {
  readonly folder: string;
  readonly config: string;
  readonly repository: BareRepository;
  readonly backup: BackupReport;
  readonly gitops: GitOpsReport;
}

async function describe(outcome: Outcome): Promise<string> {
  const { repository, gitops, backup } = outcome;
  const paths = await repository.files(BRANCH, SHOWN_NAMESPACE);
  const overlay = `${SHOWN_NAMESPACE}/prod`;
  const unchanged = gitops.commit === "" && backup.changed === 0 && backup.removed === 0;
  return [
    "",
    drawTree(
      SHOWN_NAMESPACE,
      paths.map((path) => path.slice(SHOWN_NAMESPACE.length + 1)),
    ),
    "",
    `# ${overlay}/kustomization.yaml`,
    await repository.show(BRANCH, `${overlay}/kustomization.yaml`),
    `# ${overlay}/application.yaml`,
    await repository.show(BRANCH, `${overlay}/application.yaml`),
    ...numbers(outcome),
    ...(unchanged ? ["Nothing changed since the run before: no object, no file, no commit."] : []),
    "",
    "Try next:",
    ...nextCommands(outcome).map((command) => `  ${command}`),
  ].join("\n");
}

function numbers({ backup, gitops, folder }: Outcome): string[] {
  return [
    `Snapshot ${backup.sequence}: ${backup.objects} objects, ${backup.changed} new or changed, ${backup.removed} removed`,
    `Store:    ${backup.segments.written} segments written, ${backup.segments.reused} unchanged; mirror ${backup.mirror.put} files written`,
    `Secrets:  values withheld; PVC data not included: ${backup.volumes.dataNotIncluded}`,
    `Git:      ${gitops.files.written} files written, ${gitops.files.changed} changed, ${gitops.files.removed} removed` +
      (gitops.commit === "" ? "" : `, commit ${gitops.commit.slice(0, 12)}`),
    `Took ${(backup.durationMs / 1000).toFixed(1)} s for the backup. Everything is in ${folder}/`,
  ];
}

function nextCommands({ config, folder }: Outcome): string[] {
  return [
    `npx kubeferry snapshots show --config ${config}`,
    `npx kubeferry snapshots verify --config ${config}`,
    `npx kubeferry gitops explain shop prod --config ${config}`,
    `npx kubeferry gitops --dry-run --config ${config}`,
    `git --git-dir ${join(folder, "fleet.git")} show --stat ${BRANCH}`,
  ];
}
