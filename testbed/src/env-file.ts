import { rmSync } from "node:fs";
import { join } from "node:path";
import { readJson, writeJson } from "./runs/run.ts";
import type { GiteaInfo } from "./starters/gitea.ts";
import type { S3Info } from "./starters/s3.ts";

/** A cluster as `up` hands it out. */
export interface EnvCluster {
  readonly name: string;
  readonly url: string;
  /** Path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  readonly caFile: string;
  readonly adminToken: string;
}

/** What `.testbed/env.json` holds: how to reach all that `up` started, keys included (mode 0600). */
export interface EnvFile {
  /** Folder of the run: records, logs, data. */
  readonly run: string;
  readonly clusters: readonly EnvCluster[];
  readonly minio?: S3Info;
  readonly versitygw?: S3Info;
  readonly gitea?: GiteaInfo;
}

/** The path of env.json. */
export function envFilePath(home: string): string {
  return join(home, "env.json");
}

/** @returns undefined when nothing is up. */
export function readEnvFile(home: string): EnvFile | undefined {
  return readJson<EnvFile>(envFilePath(home));
}

/** Writes env.json whole. */
export function writeEnvFile(home: string, content: EnvFile): void {
  writeJson(envFilePath(home), content);
}

/** Removes env.json, if it is there. */
export function removeEnvFile(home: string): void {
  rmSync(envFilePath(home), { force: true });
}
