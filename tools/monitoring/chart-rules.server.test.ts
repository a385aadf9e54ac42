import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { dashboardFiles } from "./dashboards.ts";
import { readAlerts, readRuleFiles } from "./read-rules.ts";
import { east, promtoolFiles, type RuleCase } from "./rule-case.ts";

const ROOT = join(import.meta.dirname, "../..");
const BASE = "https://wiki.example.internal/runbooks";
const VALUES = {
  image: { repository: "registry.example.internal/kubeferry", tag: "1" },
  config: {
    cluster: { name: "east", domain: "example.internal" },
    store: { type: "s3", endpoint: "http://minio:9000", bucket: "backups" },
  },
  monitoring: {
    runbookBase: BASE,
    dashboards: { enabled: true },
    rules: {
      enabled: true,
      objectives: [
        { objective: "backup_age:seconds", is: 7200, series: "hourly" },
        { objective: "backup_age:seconds", is: 3_024_000, cluster: "example.internal/lab" },
      ],
      expectedClusters: ["example.internal/west"],
    },
  },
};

interface Rendered {
  readonly kind: string;
  readonly data: Readonly<Record<string, string>>;
  readonly spec: {
    readonly groups: readonly {
      readonly name: string;
      readonly rules: readonly { readonly alert?: string; readonly annotations?: Readonly<Record<string, string>> }[];
    }[];
  };
}

const hourly = { cluster: "example.internal/east", series: "hourly" };
const lab = { cluster: "example.internal/lab", series: "default" };
const TOO_OLD: RuleCase = {
  alert: "KubeferryBackupTooOld",
  when: "hourly backups and those of a laboratory have objectives of their own",
  given: Object.fromEntries(
    [hourly, lab, {}].flatMap((labels) => [
      [east("cluster_backup_duration_seconds_count", labels), "1x50"],
      [east("cluster_backup_last_success_timestamp_seconds", labels), "0+0x50"],
    ]),
  ),
  at: 30,
  fires: [hourly],
};
const UNKNOWN: RuleCase = {
  alert: "KubeferryBackupUnknown",
  when: "a cluster that is expected was never heard of",
  given: { [east("cluster_backup_duration_seconds_count")]: "1x5" },
  at: 3,
  fires: [{ cluster: "example.internal/west" }],
};

describe.skipIf(missingServers("helm", "prometheus"))("the chart's rules and dashboards", () => {
  const folder = mkdtempSync(join(tmpdir(), "kubeferry-chart-rules-"));
  let rendered: readonly Rendered[];
  beforeAll(() => {
    writeFileSync(join(folder, "values.yaml"), JSON.stringify(VALUES));
    const args = ["template", "test", join(ROOT, "charts/kubeferry"), "--values", join(folder, "values.yaml")];
    const text = execFileSync(servers.binary("helm"), args, { encoding: "utf8" });
    rendered = parseAllDocuments(text).map((document) => document.toJS() as Rendered);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("are all there, with runbooks that are there", () => {
    const rules = groups().flatMap((group) => group.rules);
    expect(rules.flatMap(({ alert }) => alert ?? []).toSorted()).toEqual(
      readAlerts()
        .map(({ alert }) => alert)
        .toSorted(),
    );
    const pages = rules.flatMap(({ annotations }) => annotations?.runbook_url ?? []);
    expect(pages.filter((url) => !url.startsWith(`${BASE}/`))).toEqual([]);
    expect(pages.filter((url) => !existsSync(join(ROOT, "docs/runbooks", url.slice(BASE.length))))).toEqual([]);
    const shown = rendered.filter(({ kind, data }) => kind === "ConfigMap" && Object.keys(data)[0]?.endsWith(".json"));
    expect(shown.flatMap(({ data }) => Object.values(data)).toSorted()).toEqual(
      dashboardFiles()
        .map(({ path }) => readFileSync(path, "utf8"))
        .toSorted(),
    );
  });

  it("take objectives and expected clusters from the values", () => {
    const path = join(folder, "rules.yaml");
    writeFileSync(path, JSON.stringify({ groups: groups() }));
    const order = readRuleFiles().flatMap((file) => file.groups.map(({ name }) => name));
    const [cases = ""] = promtoolFiles({ files: [path], groups: order }, [TOO_OLD, UNKNOWN]);
    writeFileSync(join(folder, "cases.yaml"), cases);
    const { status, stdout, stderr } = spawnSync("promtool", ["test", "rules", join(folder, "cases.yaml")]);
    expect(`${stdout}${stderr}`).toContain("SUCCESS");
    expect(status).toBe(0);
  });

  function groups(): Rendered["spec"]["groups"] {
    return rendered.filter(({ kind }) => kind === "PrometheusRule").flatMap(({ spec }) => spec.groups);
  }
});
