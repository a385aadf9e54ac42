import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { secretsOf } from "./index.ts";
import { loadTexts, problemsOfTexts } from "./testing/load-yaml.ts";

const SHARED = `
store: { type: s3, endpoint: "https://s3.example.com", accessKey: shared-access, secretKey: shared-secret }
cluster: { domain: example.com }
kubernetes: { pageSize: 100, concurrency: 2 }
`;

describe("several clusters", () => {
  it("each get a whole configuration: what their entry says, laid over the shared sections", async () => {
    const { config, clusters } = await loadTexts([
      `${SHARED}
clusters:
  - name: east
    environment: prod
    kubernetes: { context: admin@east, concurrency: 8 }
    store: { bucket: east-backups }
    retention: { within: 90d }
  - name: west
    domain: other.example.com
    backup: { secrets: omit }
    limits: { maxDuration: 1h }
    store: { type: folder, path: ./west }
`,
    ]);
    expect(clusters).toMatchObject([
      {
        cluster: { name: "east", domain: "example.com", environment: "prod" },
        kubernetes: { context: "admin@east", pageSize: 100, concurrency: 8 },
        store: { type: "s3", endpoint: "https://s3.example.com", bucket: "east-backups" },
        backup: { secrets: "withhold" },
        retention: { withinMs: 90 * 86_400_000 },
      },
      {
        cluster: { name: "west", domain: "other.example.com" },
        kubernetes: { pageSize: 100, concurrency: 2 },
        store: { type: "folder", path: expect.stringMatching(/^\/.*\/west$/), prefix: "" },
        backup: { secrets: "omit" },
        limits: { maxDurationMs: 3_600_000 },
      },
    ]);
    expect(config).toMatchObject({ cluster: { domain: "example.com" }, store: { bucket: "cluster-backups" } });
    expect(clusters[1]).not.toHaveProperty("clusters");
    expect(() => Object.assign(clusters[0]?.store ?? {}, { bucket: "x" })).toThrow(TypeError);
  });

  it("without the list are one: the configuration itself", async () => {
    const { config, clusters } = await loadTexts(["store: { type: folder, path: /backups }\n"]);
    expect(clusters).toEqual([config]);
  });

  it("may each have secrets of their own, none of which prints", async () => {
    const { config, clusters } = await loadTexts([
      `${SHARED}clusters: [{ name: east, store: { secretKey: east-secret } }]\n`,
    ]);
    const values = secretsOf([config, clusters]).map((secret) => secret.reveal());
    expect(new Set(values)).toEqual(new Set(["shared-access", "shared-secret", "east-secret"]));
    expect(inspect(clusters, { depth: 9 }) + JSON.stringify(clusters)).not.toContain("east-secret");
  });
});

describe("mistakes in the list of clusters", () => {
  it("are named by their entry, those of a shared section once", async () => {
    const problems = await problemsOfTexts([
      `${SHARED}
batchSize: 0
clusters:
  - { name: east, kubernetes: { pageSize: 0, pagesize: 1 }, store: { type: folder } }
  - { domain: example.com }
  - west
  - { name: "west!", kubernets: {}, store: { secretKey: [planted-secret] } }
`,
    ]);
    expect([...problems].sort()).toEqual([
      "batchSize: expected 1..1000, got 0 [a.yaml:6]",
      "clusters[0].kubernetes.pageSize: expected 1..10000, got 0 [a.yaml:8]",
      "clusters[0].kubernetes.pagesize: unknown key; did you mean kubernetes.pageSize? [a.yaml:8]",
      "clusters[0].store.path: missing; write text [a.yaml:8]",
      "clusters[1].name: missing; write text [a.yaml:9]",
      'clusters[2]: expected a section (keys with values), got "west" [a.yaml:10]',
      "clusters[3].kubernets: unknown key; did you mean clusters[3].kubernetes? [a.yaml:11]",
      "clusters[3].name: expected letters, digits, '.', '_' and '-', beginning and ending with a letter or digit [a.yaml:11]",
      "clusters[3].store.secretKey: expected text, got a list [a.yaml:11]",
    ]);
  });

  it("include two entries for one cluster, and a name beside the list", async () => {
    expect(
      await problemsOfTexts([
        `${SHARED}clusters: [{ name: east }, { name: west }, { name: east, domain: example.com }]\n`,
      ]),
    ).toEqual([
      "clusters[2].name: names the same cluster as clusters[0]: they would write into one place; drop one [a.yaml:5]",
    ]);
    expect(await problemsOfTexts([`${SHARED}clusters: [{ name: east }]\n`], { env: { CLUSTER_NAME: "west" } })).toEqual(
      [
        "cluster.name: names one cluster, and clusters names several; drop one of them [environment variable CLUSTER_NAME]",
      ],
    );
  });
});
