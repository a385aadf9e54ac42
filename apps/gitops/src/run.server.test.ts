import { parseYaml } from "@kubeferry/clean";
import { configMap, deployment, namespace, secret, widget } from "@kubeferry/test-fleet";
import { missingServers } from "@kubeferry/testbed";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFleet, type Fleet } from "./testing/fleet.ts";

const SHOP = [namespace("shop"), deployment("shop/web"), configMap("shop/settings"), widget("shop/blue")];
const BRANCH = "kubeferry/main";

describe.skipIf(missingServers("gitea", "kustomize"))("a run of stage 2", () => {
  let fleet: Fleet;
  beforeEach(async () => {
    fleet = await createFleet("gitea");
  });
  afterEach(() => fleet.close());

  it("proposes a namespace, and every overlay builds to the cleaned objects", async () => {
    await fleet.snapshot(SHOP);
    const report = await fleet.run();
    expect(report).toMatchObject({
      stage: "gitops",
      status: "complete",
      snapshot: "crc.testing/wrl62/_snapshots/default/0000000001.json",
      files: { written: 10, changed: 0, removed: 0 },
      frozen: [],
      blocked: [],
      branch: BRANCH,
      pullRequest: { number: 1, outcome: "created" },
    });
    const files = await fleet.files(BRANCH);
    expect(Object.keys(files)).toEqual([
      "namespaces/shop/.kubeferry.json",
      "namespaces/shop/base/configmap-settings.yaml",
      "namespaces/shop/base/deployment-web.yaml",
      "namespaces/shop/base/kustomization.yaml",
      "namespaces/shop/base/namespace.yaml",
      "namespaces/shop/base/widget.example.com-blue.yaml",
      "namespaces/shop/dev/kustomization.yaml",
      "namespaces/shop/preprod/kustomization.yaml",
      "namespaces/shop/prod/kustomization.yaml",
      "namespaces/shop/test/kustomization.yaml",
    ]);
    for (const environment of ["dev", "test", "preprod", "prod"]) {
      expect(await fleet.build(BRANCH, `namespaces/shop/${environment}`)).toEqual({
        "Namespace shop": {
          apiVersion: "v1",
          kind: "Namespace",
          metadata: {
            name: "shop",
            annotations: {
              "argocd.argoproj.io/sync-options": "Prune=false,Delete=false",
              "argocd.argoproj.io/sync-wave": "-10",
            },
          },
        },
        "ConfigMap settings": {
          apiVersion: "v1",
          kind: "ConfigMap",
          metadata: { name: "settings", namespace: "shop" },
          data: { greeting: "hello" },
        },
        "Deployment web": {
          apiVersion: "apps/v1",
          kind: "Deployment",
          metadata: { name: "web", namespace: "shop" },
          spec: {
            replicas: 2,
            selector: { matchLabels: { app: "web" } },
            template: {
              metadata: { labels: { app: "web" } },
              spec: { containers: [{ name: "web", image: "nginx:1.29" }] },
            },
          },
        },
        "Widget.example.com blue": {
          apiVersion: "example.com/v1",
          kind: "Widget",
          metadata: { name: "blue", namespace: "shop" },
          spec: { colour: "blue" },
        },
      });
    }
  });

  it("makes no commit when nothing changed, and leaves the request as it is", async () => {
    await fleet.snapshot(SHOP);
    const first = await fleet.run();
    const tip = await fleet.tip(BRANCH);
    await fleet.snapshot(SHOP);
    expect(await fleet.run()).toMatchObject({
      commit: "",
      files: { written: 0, changed: 0, removed: 0 },
      branch: BRANCH,
      pullRequest: { number: first.pullRequest?.number, outcome: "unchanged" },
    });
    expect(await fleet.tip(BRANCH)).toBe(tip);
  });

  it("updates the open request when an object changed, with one commit on the base", async () => {
    await fleet.snapshot(SHOP);
    await fleet.run();
    await fleet.snapshot([...SHOP.slice(0, 2), configMap("shop/settings", { greeting: "good day" }), ...SHOP.slice(3)]);
    const report = await fleet.run();
    expect(report.pullRequest).toMatchObject({ number: 1, outcome: "updated" });
    const text = (await fleet.files(BRANCH))["namespaces/shop/base/configmap-settings.yaml"] ?? "";
    expect(parseYaml(text)).toMatchObject({ data: { greeting: "good day" } });
    const commits = (await fleet.api("GET", "/pulls/1/commits")) as unknown[];
    expect(commits).toHaveLength(1);
  });

  it("withdraws its request when the base has caught up", async () => {
    await fleet.snapshot(SHOP);
    await fleet.run();
    await fleet.merge(BRANCH);
    await fleet.snapshot([...SHOP, configMap("shop/more")]);
    expect((await fleet.run()).pullRequest).toMatchObject({ outcome: "created" });
    await fleet.snapshot(SHOP);
    const report = await fleet.run();
    expect(report).toMatchObject({ commit: "", pullRequest: { outcome: "closed", number: 2 } });
    expect(await fleet.api("GET", "/pulls/2")).toMatchObject({ state: "closed", merged: false });
    const comments = (await fleet.api("GET", "/issues/2/comments")) as { body: string }[];
    expect(comments.map(({ body }) => body).join()).toContain("already holds what this request proposed");
    expect(await fleet.tip(BRANCH)).toBe("");
  });

  it("withdraws its request when people edit the folder in the base, and says that this is why", async () => {
    await fleet.snapshot(SHOP);
    await fleet.run();
    await fleet.merge(BRANCH);
    await fleet.snapshot([...SHOP, configMap("shop/more")]);
    await fleet.run();
    await fleet.edit("main", { "namespaces/shop/base/configmap-settings.yaml": "somebody: else\n" });
    expect(await fleet.run()).toMatchObject({ status: "partial", pullRequest: { outcome: "closed", number: 2 } });
    const comments = (await fleet.api("GET", "/issues/2/comments")) as { body: string }[];
    const said = comments.map(({ body }) => body).join();
    expect(said).toContain("`namespaces/shop` is left as it is");
    expect(said).not.toContain("already holds");
  });

  it("says in the request what merging does, and which Secrets have to be provided", async () => {
    await fleet.snapshot([...SHOP, secret("shop/db", { password: "withheld" })]);
    const report = await fleet.run({
      gitops: { environments: { prod: { destination: { server: "https://kubernetes.default.svc" } } } },
    });
    const { title, body } = (await fleet.api("GET", "/pulls/1")) as { title: string; body: string };
    expect(title).toBe("kubeferry: crc.testing/wrl62: 4 new, 0 changed, 0 removed");
    expect(body.split("\n")[0]).toBe("## What happens when this is merged");
    expect(body).toContain("**prod** (`https://kubernetes.default.svc`) waits until somebody presses sync.");
    expect(body).toContain("`namespaces/shop: db` (`password`)");
    expect(report.blocked).toEqual([
      {
        object: "Secret shop/db",
        reason: "Secrets are not written to Git; namespaces/shop/secrets.todo.md lists what has to be provided",
      },
    ]);
    expect((await fleet.files(BRANCH))["namespaces/shop/secrets.todo.md"]).toContain(
      "| `db` | `Opaque` | `password` | in the backup | all |",
    );
  });

  it("never rewrites a branch that people pushed to: a new branch, a new request, a comment on the old one", async () => {
    await fleet.snapshot(SHOP);
    await fleet.run();
    await fleet.edit(BRANCH, { "NOTES.md": "Please wait with this.\n" });
    const theirs = await fleet.tip(BRANCH);
    await fleet.snapshot([...SHOP, configMap("shop/more")]);
    const report = await fleet.run();
    expect(report).toMatchObject({ branch: "kubeferry/main-2", pullRequest: { number: 2, outcome: "created" } });
    expect(await fleet.tip(BRANCH)).toBe(theirs);
    const comments = (await fleet.api("GET", "/issues/1/comments")) as { body: string }[];
    expect(comments).toHaveLength(1);
    expect(comments[0]?.body).toContain("/pulls/2");

    expect(await fleet.run()).toMatchObject({ commit: "", pullRequest: { number: 2, outcome: "unchanged" } });
    expect(await fleet.api("GET", "/issues/1/comments")).toHaveLength(1);
  });
});
