import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./test-api.ts";

/** A login program of a test. */
export interface TestPlugin {
  /** The user's entry of a kubeconfig that is written into `folder`. */
  readonly user: { readonly exec: object };
  readonly folder: string;
  /** What KUBERNETES_EXEC_INFO was at each call. */
  calls(): string[];
}

/** Writes a plugin that notes each call and gives one status after the other, at last always the last. */
export function writePlugin(...statuses: readonly object[]): TestPlugin {
  const folder = temporaryFolder();
  const log = join(folder, "calls");
  writeFileSync(log, "");
  const script = `
    const fs = require("node:fs");
    const calls = fs.readFileSync(${JSON.stringify(log)}, "utf8").split("\\n").length;
    fs.appendFileSync(${JSON.stringify(log)}, process.env.KUBERNETES_EXEC_INFO + "\\n");
    const statuses = ${JSON.stringify(statuses)};
    const status = statuses[Math.min(calls, statuses.length) - 1];
    console.log(JSON.stringify({ kind: "ExecCredential", apiVersion: "client.authentication.k8s.io/v1", status }));
  `;
  writeFileSync(join(folder, "plugin"), `#!${process.execPath}\n${script}`, { mode: 0o700 });
  // Relative to the kubeconfig, which is written into the same folder.
  const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "./plugin", provideClusterInfo: true };
  return { user: { exec }, folder, calls: () => readFileSync(log, "utf8").split("\n").slice(0, -1) };
}
