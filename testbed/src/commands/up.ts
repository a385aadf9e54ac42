import { mkdirSync } from "node:fs";
import { buildCommand } from "../binaries/resolve.ts";
import { type EnvCluster, type EnvFile, envFilePath, writeEnvFile } from "../env-file.ts";
import { TestbedError } from "../errors.ts";
import { testbedHome } from "../places.ts";
import { isAlive } from "../processes/identity.ts";
import { withLock } from "../processes/lock.ts";
import { endRun } from "../processes/stop.ts";
import { createRun, listRuns, ownerOf, processesOf, type Run } from "../runs/run.ts";
import { lackOf, type ServerName } from "../server-names.ts";
import { startGitea } from "../starters/gitea.ts";
import { startKubeApi } from "../starters/kube-api.ts";
import { startMinio, startVersitygw } from "../starters/s3.ts";
import type { CommandContext } from "./context.ts";
import { down } from "./down.ts";

const lockTimeoutMs = 600_000;

/** The servers that `up` can start; the controller manager comes with every cluster. */
export const upNames = ["kube-apiserver", "kube-controller-manager", "minio", "versitygw", "gitea"] as const;

/** One of them. */
export type UpName = (typeof upNames)[number];

const defaultNames: readonly UpName[] = ["kube-apiserver", "minio", "gitea"];

/** What to start. */
export interface UpRequest {
  /** None means API server, MinIO and Gitea. */
  readonly names: readonly UpName[];
  /** How many API servers. */
  readonly clusters: number;
}

/**
 * `testbed up [names] [--clusters N]`: starts servers that stay until `down`, waits until they are
 * ready, and writes how to reach them into env.json.
 * @throws TestbedError "already-up", "not-built"; when one server fails, the others are ended again.
 */
export async function up(request: UpRequest, context: CommandContext): Promise<EnvFile> {
  const home = testbedHome(context.environment);
  const names = request.names.length === 0 ? defaultNames : request.names;
  refuseMissing(names, context);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  return await withLock(`${home}/up.lock`, { timeoutMs: lockTimeoutMs }, async () => {
    refuseSecond(home);
    // Only what a crash left: its data and its dead records.
    await down({ environment: context.environment, say: () => undefined });
    const run = createRun(home, "up");
    try {
      const started = await startAll(run, { ...request, names }, context);
      writeEnvFile(home, started);
      for (const line of howToUse(started, envFilePath(home))) context.say(line);
      return started;
    } catch (error) {
      await endRun(run);
      throw error;
    }
  });
}

async function startAll(run: Run, { names, clusters }: UpRequest, context: CommandContext): Promise<EnvFile> {
  const wants = (name: UpName) => names.includes(name);
  const timed = async <T>(name: string, start: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const info = await start();
    context.say(`${name} ready after ${((performance.now() - began) / 1_000).toFixed(1)} s`);
    return info;
  };
  const controllers = wants("kube-controller-manager") ? ({ controllers: true } as const) : {};
  const started: EnvCluster[] = [];
  if (wants("kube-apiserver") || wants("kube-controller-manager")) {
    for (let number = 1; number <= clusters; number++) {
      const name = clusters === 1 ? "kube-apiserver" : `kube-apiserver-${number}`;
      const { folder: _, ...info } = await timed(name, () => startKubeApi(run, name, controllers));
      started.push({ name, ...info });
    }
  }
  return {
    run: run.folder,
    clusters: started,
    ...(wants("minio") ? { minio: await timed("minio", () => startMinio(run, "minio")) } : {}),
    ...(wants("versitygw") ? { versitygw: await timed("versitygw", () => startVersitygw(run, "versitygw")) } : {}),
    ...(wants("gitea") ? { gitea: await timed("gitea", () => startGitea(run, "gitea")) } : {}),
  };
}

function refuseMissing(names: readonly ServerName[], context: CommandContext): void {
  const needed: ServerName[] = names.includes("kube-controller-manager") ? ["kube-apiserver", ...names] : [...names];
  const lack = lackOf([...new Set(needed)], context.environment);
  if (lack === undefined) return;
  const missing = [...lack.binaries, ...lack.programs];
  throw new TestbedError({
    kind: "not-built",
    who: "testbed",
    operation: "up",
    problem: `missing: ${missing.join(", ")}`,
    next: lack.binaries.length > 0 ? `run: ${buildCommand(lack.binaries)}` : `install ${lack.programs.join(", ")}`,
  });
}

function refuseSecond(home: string): void {
  const running = listRuns(home)
    .filter((run) => ownerOf(run)?.kind === "up")
    .flatMap(processesOf)
    .filter(isAlive);
  if (running.length === 0) return;
  throw new TestbedError({
    kind: "already-up",
    who: "testbed",
    operation: "up",
    problem: `${running.map((record) => record.name).join(", ")} still run`,
    next: "run: npm run testbed -- down",
  });
}

function howToUse(env: EnvFile, path: string): string[] {
  return [
    ...env.clusters.map((cluster) => `${cluster.name}: ${cluster.url}\n  export KUBECONFIG=${cluster.kubeconfig}`),
    ...(["minio", "versitygw"] as const).flatMap((name) => {
      const server = env[name];
      return server === undefined
        ? []
        : [`${name}: ${server.endpoint}\n  access key ${server.accessKey}, secret key ${server.secretKey}`];
    }),
    ...(env.gitea === undefined
      ? []
      : [
          `gitea: ${env.gitea.url}\n  user ${env.gitea.user}, password ${env.gitea.password}, token ${env.gitea.token}`,
        ]),
    `all of this is in ${path}; end it with: npm run testbed -- down`,
  ];
}
