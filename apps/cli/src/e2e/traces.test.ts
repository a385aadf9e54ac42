import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { type ReplayServer, serveSnapshot } from "@kubeferry/kube-replay";
import type { BackupReport, GitOpsReport } from "@kubeferry/model";
import type { SnapshotManifest } from "@kubeferry/snapshot";
import { LogLine } from "@kubeferry/telemetry";
import { type OtlpReceiver, otlpReceiver } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bareRepository } from "../demo/bare-repository.ts";
import { testCall } from "../testing/call.ts";
import { type CliResult, jsonOf, kubeferry } from "../testing/cli.ts";
import { smallCluster } from "../testing/small-cluster.ts";
import { freshFolder, writeConfig } from "../testing/workspace.ts";

const run = promisify(execFile);

describe("one trace through both stages", () => {
  let replay: ReplayServer;
  let otlp: OtlpReceiver;
  let repository: string;
  let store: string;
  let config: string;
  let backup: CliResult;
  let gitops: CliResult;
  let receiver: Server;
  const called: string[] = [];

  beforeAll(async () => {
    replay = await serveSnapshot(await smallCluster("before"), { port: 0 }, testCall);
    otlp = await otlpReceiver();
    const kubeconfig = join(await freshFolder(), "kubeconfig");
    await writeFile(kubeconfig, replay.kubeconfig);
    repository = (await bareRepository(join(await freshFolder(), "fleet.git"))).folder;
    store = await freshFolder();
    config = await writeConfig({
      cluster: { name: "production-east", domain: "company.local" },
      kubernetes: { kubeconfig },
      store: { type: "folder", path: store },
      metrics: { enabled: false },
      webhook: { keys: [`whsec_${Buffer.alloc(32, 7).toString("base64")}`] },
      gitops: { namespaces: ["shop"], repository: { url: repository }, environments: { dev: {} } },
    });
    // By the names of before.
    const env = { TRACING_ENABLED: "true", TRACING_ENDPOINT: otlp.url };
    receiver = createServer(async (request, response) => {
      called.push(await text(request));
      response.writeHead(202).end();
    });
    await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    const { port } = receiver.address() as AddressInfo;
    const to = ["--set", "announce.via=webhook", "--set", `announce.url=http://127.0.0.1:${port}/v1/backup-complete`];
    backup = await command("backup", env, to);
    gitops = await command("gitops", env);
  }, 60_000);
  afterAll(async () => {
    otlp.close();
    receiver?.close();
    await replay.close();
  });

  it("is named by every line of the backup from the first one on, by its manifest, and by what follows from it", async () => {
    const ids = new Set(linesOf(backup).map(({ trace_id }) => trace_id));
    expect(backup.code, backup.stderr).toBe(0);
    expect([...ids]).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]);
    const [traceId] = ids;
    const { snapshot } = jsonOf<BackupReport>(backup);
    const manifest = JSON.parse(await readFile(join(store, snapshot), "utf8")) as SnapshotManifest;
    expect(manifest.trace).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));

    expect(gitops.code, gitops.stderr).toBe(0);
    const lines = linesOf(gitops).filter(({ component }) => component === "gitops");
    const begun = lines.slice(lines.findIndex(({ operation }) => operation === "gitops_start"));
    expect(new Set(begun.map(({ trace_id }) => trace_id))).toEqual(ids);
    const { commit } = jsonOf<GitOpsReport>(gitops);
    const message = await run("git", ["-C", repository, "show", "--no-patch", "--format=%B", commit]);
    expect(message.stdout).toContain(`Kubeferry-Trace: ${traceId}\n`);
  });

  it("reaches a receiver of OTLP with both stages' spans, started by the old names", () => {
    const [backedUp] = named("cluster_backup");
    expect(backedUp).toMatchObject({ attributes: { cluster: "company.local/production-east", status: "complete" } });
    for (const name of ["kubeferry backup", "discover", "list_type", "commit", "gitops", "generate", "plan", "push"]) {
      expect(
        named(name).map(({ traceId }) => traceId),
        name,
      ).toContain(backedUp?.traceId);
    }
    expect(named("list_type").map(({ attributes }) => attributes.resource)).toContain("deployments.apps");
    const [ran] = named("gitops");
    expect(ran?.parentSpanId).toBe(backedUp?.spanId);
  });

  it("has the announcement as a span of the backup's, and what is called for goes below that", () => {
    const [backedUp] = named("cluster_backup");
    const [announced, ...others] = named("announce");
    expect(others).toEqual([]);
    expect(announced).toMatchObject({ parentSpanId: backedUp?.spanId, attributes: { via: "webhook" } });
    expect(called.map((body) => JSON.parse(body))).toMatchObject([
      { traceparent: `00-${announced?.traceId}-${announced?.spanId}-01` },
    ]);
  });

  it("is what stage 2 log says on every line: what the schema allows, an operation, a component, the run", () => {
    for (const line of [...linesOf(backup), ...linesOf(gitops)]) {
      expect(line, JSON.stringify(line)).toMatchObject({
        component: expect.stringMatching(/^(backup|gitops)$/),
        operation: expect.any(String),
        run_id: expect.any(String),
        trace_id: expect.any(String),
      });
    }
    const [end] = linesOf(gitops).filter(({ operation }) => operation === "gitops_complete");
    expect(end).toMatchObject({ data: { status: "complete" }, duration_ms: expect.any(Number) });
  });

  it("stays the one that TRACEPARENT names, where somebody else began it", async () => {
    const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    const again = await command("gitops", { TRACEPARENT: `00-${traceId}-00f067aa0ba902b7-01` });
    expect(new Set(linesOf(again).map(({ trace_id }) => trace_id))).toEqual(new Set([traceId]));
    expect(jsonOf<GitOpsReport>(again).commit, "an unchanged rerun writes no new text").toBe("");
  });

  it("costs a run nothing but a warning when nobody takes its spans", async () => {
    const lost = await command("gitops", { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1" });
    expect(lost.code, lost.stderr).toBe(0);
    const warnings = linesOf(lost).filter(({ operation }) => operation === "tracing");
    expect(warnings).toMatchObject([{ level: "warn", data: { url: "http://127.0.0.1:1/v1/traces" } }]);
  });

  function named(name: string) {
    return otlp.spans.filter((span) => span.name === name);
  }

  function command(name: string, env: Record<string, string>, more: readonly string[] = []): Promise<CliResult> {
    const args = [name, "--output", "json", "--config", config, ...more];
    return kubeferry(args, { env: { LOG_LEVEL: "debug", ...env } });
  }
});

type Line = ReturnType<typeof LogLine.parse>;

function linesOf({ stderr }: CliResult): Line[] {
  return stderr
    .trim()
    .split("\n")
    .map((line) => LogLine.parse(JSON.parse(line)));
}
