import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFolderStore } from "@kubeferry/object-store";
import { loadConfig } from "@kubeferry/shared-config";
import { configMap, deployment, namespace, secret, takeSnapshot, testCall } from "@kubeferry/test-fleet";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { explainGitOps, type GitOpsExplanation } from "./explain-gitops.ts";

const LIVE = { domain: "crc.testing", name: "live", uid: "kube-system-of-live" };
const OBJECTS = [
  namespace("shop"),
  deployment("shop/web"),
  { ...configMap("shop/odd"), data: { text: "\u0085" } },
  secret("shop/db", { password: "" }),
  namespace("kube-system"),
  namespace("team"),
];

describe("explaining a namespace", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "kubeferry-explain-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function explain(asked: string, gitops: object, environment?: string): Promise<GitOpsExplanation> {
    const path = join(folder, "store");
    await mkdir(path, { recursive: true });
    const store = createFolderStore({ path, autoCreate: true });
    await takeSnapshot(store, LIVE, OBJECTS);
    const file = join(folder, "kubeferry.yaml");
    const section = { repository: { url: "/nowhere.git" }, environments: { dev: {} }, ...gitops };
    await writeFile(file, JSON.stringify({ store: { type: "folder", path }, gitops: section }));
    const { config } = await loadConfig({ files: [file], env: {} });
    return explainGitOps({ config, store, namespace: asked, environment }, testCall);
  }

  it("names what is in Git, what cannot be, and its Secrets, and asks for no repository", async () => {
    const replicas = { dev: { destination: { cluster: "crc.testing/dev" }, replicas: 7 } };
    expect(await explain("shop", { namespaces: ["*"], environments: replicas })).toEqual({
      namespace: "shop",
      notAdopted: null,
      snapshots: ["crc.testing/live/_snapshots/default/0000000001.json"],
      objects: ["Namespace shop", "Deployment shop/web"],
      leftOut: {},
      blocked: [{ object: "ConfigMap shop/odd", reason: expect.stringContaining("U+0085") as string }],
      secrets: { mode: "omit", names: ["db"] },
      environments: [
        {
          environment: "dev",
          source: "crc.testing/live",
          applications: [],
          namespace: "shop",
          autoSync: false,
          noOverrides: null,
          leftOut: [],
          changes: [
            {
              object: "Deployment shop/web",
              fields: [
                {
                  field: "spec.replicas",
                  before: 2,
                  after: 7,
                  from: ["gitops", "environments", "dev", "replicas", "*"],
                },
              ],
            },
          ],
        },
      ],
    });
  });

  it("asks neither for the certificate that Secrets are sealed with", async () => {
    const secrets = { mode: "sealed-secret", sealedSecret: { certificateFile: "/nowhere.pem" } };
    expect(await explain("shop", { namespaces: ["*"], secrets })).toMatchObject({
      secrets: { mode: "sealed-secret", names: ["db"] },
    });
  });

  it.each([
    ["kube-system", ["*"], "namespaces of the platform are adopted only when gitops.namespaces names them"],
    ["team", ["shop"], "gitops.namespaces does not name it, and no glob in it fits that is meant for applications"],
  ])("says why %s is not adopted by %j", async (asked, namespaces, reason) => {
    expect(await explain(asked, { namespaces })).toMatchObject({ notAdopted: reason, objects: [], environments: [] });
  });

  it("refuses a namespace that is not there, and an environment that is not configured", async () => {
    await expect(explain("shpo", { namespaces: ["*"] })).rejects.toThrow(
      "no snapshot that is read holds the namespace shpo or anything in it",
    );
    await expect(explain("shop", { namespaces: ["*"] }, "prod")).rejects.toThrow(
      "there is no environment prod; there are dev",
    );
  });
});
