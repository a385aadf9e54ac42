import { join } from "node:path";
import { missingServers, servers } from "@kubeferry/testbed";
import { describe, expect, it } from "vitest";
import { jsonOf, kubeferry } from "../testing/cli.ts";
import { freshFolder, writeConfig } from "../testing/workspace.ts";

describe.skipIf(missingServers("kube-apiserver"))("kubeferry gitops explain", () => {
  it("says what is in Git, what is not and why, and where every override comes from", {
    timeout: 180_000,
  }, async () => {
    const server = await servers.kubeApi();
    const namespace = await server.freshNamespace();
    const labels = { app: "web" };
    await server.apply({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", namespace },
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: "web", image: "nginx:1.29" }] } },
      },
    });
    const release = { "meta.helm.sh/release-name": "x", "meta.helm.sh/release-namespace": namespace };
    await server.apply({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        name: "charted",
        namespace,
        labels: { "app.kubernetes.io/managed-by": "Helm" },
        annotations: release,
      },
    });
    const folder = await freshFolder();
    const config = await writeConfig({
      store: { type: "folder", path: join(folder, "store") },
      kubernetes: { kubeconfig: server.kubeconfig },
      cluster: { domain: "crc.testing", name: "live" },
      backup: { secrets: "omit", filter: { namespaces: { include: [namespace] } } },
      gitops: {
        namespaces: [namespace],
        repository: { url: join(folder, "nowhere.git") },
        environments: {
          dev: {
            destination: { server: "https://dev.example.com", cluster: "crc.testing/dev" },
            images: [{ from: "nginx", tag: "1.30" }],
          },
          prod: { replicas: 3 },
        },
        overrides: { [namespace]: { dev: { replicas: 1, namespace: "{namespace}-dev" } } },
      },
    });
    expect((await kubeferry(["backup", "-f", config])).code).toBe(0);

    const explained = await kubeferry(["gitops", "explain", namespace, "-f", config]);
    expect(explained.code, explained.stderr).toBe(0);
    const text = explained.stdout;
    expect(text).toContain(`${namespace}, from crc.testing/live/_snapshots/default/0000000001.json\n`);
    expect(text).toContain(`left out, Helm: 1 (ConfigMap ${namespace}/charted)\n`);
    expect(text).toContain(`dev, made from crc.testing/live; namespace ${namespace}-dev\n`);
    expect(text).toContain(`Application ${namespace}-dev deploys to https://dev.example.com, synced by hand\n`);
    expect(text).toMatch(
      new RegExp(
        `^ +spec\\.replicas +2 -> 1 +gitops\\.overrides\\.${namespace}\\.dev\\.replicas\\.\\* \\(.*kubeferry\\.yaml:\\d+\\)$`,
        "m",
      ),
    );
    expect(text).toContain("  takes no override: it has no destination, so it counts as its source cluster");

    const json = await kubeferry(["gitops", "explain", namespace, "dev", "-f", config, "--output", "json"]);
    expect(jsonOf(json)).toMatchObject({
      namespace,
      notAdopted: null,
      leftOut: { Helm: [`ConfigMap ${namespace}/charted`] },
      environments: [
        {
          environment: "dev",
          noOverrides: null,
          changes: [
            {
              object: `Namespace ${namespace}`,
              fields: [{ field: "metadata.name", before: namespace, after: `${namespace}-dev` }],
            },
            {
              object: `Deployment ${namespace}/web`,
              fields: [
                { field: "spec.replicas", before: "2", after: "1" },
                {
                  field: "spec.template.spec.containers[0].image",
                  before: "nginx:1.29",
                  after: "nginx:1.30",
                  from: "gitops.environments.dev.images[0]",
                },
                { field: "metadata.namespace", before: namespace, after: `${namespace}-dev` },
              ],
            },
          ],
        },
      ],
    });

    const other = await kubeferry(["gitops", "explain", "kube-system", "-f", config]);
    expect(other).toMatchObject({ code: 2, stdout: "" });
    expect(other.stderr).toContain("no snapshot that is read holds the namespace kube-system or anything in it");
    const wrong = await kubeferry(["gitops", "explain", namespace, "stage", "-f", config]);
    expect(wrong).toMatchObject({ code: 2, stdout: "" });
    expect(wrong.stderr).toContain("there is no environment stage; there are dev, prod");
  });
});
