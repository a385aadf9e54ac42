import { createHash } from "node:crypto";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseYaml } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import { configMap, namespace, secret } from "@kubeferry/test-fleet";
import { missingServers } from "@kubeferry/testbed";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFleet, type Fleet } from "../testing/fleet.ts";

const MAIN = "kubeferry/main";
const SHOP = "kubeferry/main--shop";
const TEAM = "kubeferry/main--team";
const VIEWER: JsonObject = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRole",
  metadata: { name: "viewer", uid: "u", resourceVersion: "1" },
  rules: [],
};
const OBJECTS = [namespace("shop"), configMap("shop/settings"), namespace("team"), configMap("team/settings"), VIEWER];
const DEPLOYED = {
  dev: { destination: { server: "https://dev.example.com" } },
  prod: { destination: { server: "https://prod.example.com" } },
};

describe.skipIf(missingServers("kustomize"))("requests of their own", { timeout: 120_000 }, () => {
  let fleet: Fleet;
  beforeEach(async () => {
    fleet = await createFleet("folder");
    await fleet.snapshot(OBJECTS);
  });
  afterEach(() => fleet.close());

  const ownFiles = async (branch: string) => {
    const main = await fleet.files("main");
    const files = await fleet.files(branch);
    return Object.keys(files).filter((path) => files[path] !== main[path]);
  };

  describe("for each namespace", () => {
    const gitops = { environments: DEPLOYED, pullRequest: { split: "namespace" } };

    it("hold that folder and nothing else, build alone, and stay when another one is merged", async () => {
      const report = await fleet.run({ gitops });
      expect(report.requests.map(({ part, branch }) => `${part} ${branch}`)).toEqual([
        "_cluster kubeferry/main--_cluster",
        `shop ${SHOP}`,
        `team ${TEAM}`,
        "_argocd kubeferry/main--_argocd",
      ]);
      expect(report.files.written).toBe(report.requests.reduce((sum, { files }) => sum + files.written, 0));
      expect((await ownFiles(SHOP)).every((path) => path.startsWith("namespaces/shop/"))).toBe(true);
      expect(Object.keys(await fleet.build(SHOP, "namespaces/shop/dev")).sort()).toEqual([
        "ConfigMap settings",
        "Namespace shop",
      ]);
      const tip = await fleet.tip(TEAM);
      await fleet.merge(SHOP);
      expect(await fleet.run({ gitops })).toMatchObject({ commit: "", status: "complete", requests: [] });
      expect(await fleet.tip(TEAM)).toBe(tip);
    });

    it("leave people's branch to them, each part by itself, and go when everything is in one again", async () => {
      await fleet.run({ gitops });
      await fleet.edit(TEAM, { "NOTES.md": "Wait.\n" });
      const theirs = await fleet.tip(TEAM);
      const more = configMap("team/more");
      await fleet.snapshot([...OBJECTS, more]);
      const { requests } = await fleet.run({ gitops });
      expect(requests.map(({ branch }) => branch)).toEqual([`${TEAM}+2`]);
      expect(await ownFiles(`${TEAM}+2`)).toContain("namespaces/team/base/configmap-more.yaml");

      const whole = await fleet.run({ gitops: { ...gitops, pullRequest: { split: "none" } } });
      expect(whole).toMatchObject({ branch: MAIN, commit: await fleet.tip(MAIN) });
      const { stdout } = await fleet.git("ls-remote", "--heads", fleet.url);
      expect(stdout.match(/refs\/heads\/\S+/g)?.sort()).toEqual(
        ["main", MAIN, TEAM].map((branch) => `refs/heads/${branch}`).sort(),
      );
      expect(await fleet.tip(TEAM)).toBe(theirs);
    });

    it("are proposed although one of them is refused, which the report says", async () => {
      await refusing(fleet, SHOP);
      const report = await fleet.run({ gitops });
      expect(report.status).toBe("partial");
      const shop = report.requests.find(({ part }) => part === "shop");
      expect(shop).toMatchObject({ outcome: "failed", commit: "", error: expect.stringContaining("not today") });
      expect(await fleet.tip(TEAM)).not.toBe("");
      expect(await fleet.tip(SHOP)).toBe("");
    });

    it("are planned again when one branch moves meanwhile, and each is pushed once", async () => {
      await fleet.run({ gitops });
      await movingOnce(fleet, SHOP);
      await fleet.snapshot([...OBJECTS, configMap("shop/more"), configMap("team/more")]);
      const report = await fleet.run({ gitops });
      expect(report.requests.map(({ part, branch }) => `${part} ${branch}`)).toEqual([
        `shop ${SHOP}+2`,
        `team ${TEAM}`,
      ]);
      for (const { branch, commit } of report.requests) expect(await fleet.tip(branch), branch).toBe(commit);
      expect(await fleet.tip(SHOP)).not.toBe("");
    });

    it("count their removals together", async () => {
      await fleet.run({ gitops });
      for (const part of ["_cluster", "shop", "team", "_argocd"]) await fleet.merge(`${MAIN}--${part}`);
      await fleet.snapshot([namespace("shop"), namespace("team"), VIEWER]);
      const strict = { ...gitops, maxRemovals: { files: 1, percent: 100 } };
      await expect(fleet.run({ gitops: strict })).rejects.toThrow("2 of ");
      const { requests } = await fleet.run({ gitops: { ...strict, maxRemovals: { files: 2, percent: 100 } } });
      const removing = requests.filter(({ files }) => files.removed > 0);
      expect(removing.map(({ part, files }) => `${part} ${files.removed}`)).toEqual(["shop 1", "team 1"]);
    });
  });

  describe("for each environment", () => {
    const gitops = { flat: true, environments: DEPLOYED, pullRequest: { split: "environment" } };

    it("hold that environment, say so in the ownership file, and bring everything once all are merged", async () => {
      await fleet.run({ gitops });
      const dev = await ownFiles(`${MAIN}--dev`);
      expect(dev).toContain("namespaces/shop/dev/configmap-settings.yaml");
      expect(dev.filter((path) => path.includes("/prod/") || path.startsWith("argocd/"))).toEqual([]);
      expect(Object.keys(await fleet.build(`${MAIN}--dev`, "namespaces/shop/dev")).sort()).toEqual([
        "ConfigMap settings",
        "Namespace shop",
      ]);
      await fleet.merge(`${MAIN}--dev`);
      const files = await fleet.files("main");
      const owned = parseYaml(files["namespaces/shop/.kubeferry.json"] ?? "") as {
        files: Record<string, { sha256: string }>;
        environments: object;
      };
      expect(Object.keys(owned.environments)).toEqual(["dev"]);
      for (const [path, { sha256 }] of Object.entries(owned.files)) {
        const bytes = files[`namespaces/shop/${path}`] ?? "";
        expect(createHash("sha256").update(bytes).digest("hex"), path).toBe(sha256);
      }

      const next = await fleet.run({ gitops });
      expect(next.requests.map(({ part }) => part)).toEqual(["prod"]);
      expect(next.frozen).toEqual([]);
      await fleet.merge(`${MAIN}--prod`);
      await fleet.merge(`${MAIN}--_argocd`);
      expect(await fleet.run({ gitops })).toMatchObject({ commit: "", status: "complete", requests: [] });
      expect(await fleet.run({ gitops: { flat: true, environments: DEPLOYED } })).toMatchObject({ commit: "" });
    });

    it("take an object out of one environment at a time", async () => {
      await fleet.run({ gitops: { ...gitops, pullRequest: { split: "none" } } });
      await fleet.merge(MAIN);
      await fleet.snapshot(OBJECTS.filter((each) => (each.metadata as JsonObject).namespace !== "team"));
      const { requests } = await fleet.run({ gitops, allowRemovals: true });
      expect(requests.map(({ part, files }) => `${part} -${files.removed}`)).toEqual(["dev -1", "prod -1"]);
      await fleet.merge(`${MAIN}--dev`);
      expect(Object.keys(await fleet.build("main", "namespaces/team/prod"))).toContain("ConfigMap settings");
      expect(Object.keys(await fleet.build("main", "namespaces/team/dev"))).toEqual(["Namespace team"]);
    });
  });
});

describe("what one environment loses and another still has", { timeout: 60_000 }, () => {
  it.each([{ flat: true }, { flat: false }])("counts as removed ($flat)", async ({ flat }) => {
    const fleet = await createFleet("folder");
    const other = { domain: "crc.testing", name: "other", uid: "kube-system-of-other" };
    const objects = [namespace("shop"), ...["a", "b", "c"].map((name) => configMap(`shop/${name}`))];
    await fleet.snapshot(objects);
    await fleet.snapshot(objects, {}, other);
    const environments = { dev: { cluster: "crc.testing/wrl62" }, prod: { cluster: "crc.testing/other" } };
    const gitops = { flat, environments, maxRemovals: { files: 1, percent: 100 } };
    await fleet.run({ gitops });
    await fleet.merge(MAIN);
    await fleet.snapshot([namespace("shop")], {}, other);
    await expect(fleet.run({ gitops })).rejects.toThrow("3 of ");
    expect(await fleet.run({ gitops, allowRemovals: true })).toMatchObject({ files: { removed: 3 } });
    await fleet.close();
  });
});

describe("requests for each source cluster", { timeout: 60_000 }, () => {
  it("hold the environments that are made from it", async () => {
    const fleet = await createFleet("folder");
    const other = { domain: "crc.testing", name: "other", uid: "kube-system-of-other" };
    await fleet.snapshot(OBJECTS);
    await fleet.snapshot(OBJECTS, {}, other);
    const environments = {
      dev: { cluster: "crc.testing/wrl62" },
      test: { cluster: "crc.testing/wrl62" },
      prod: { cluster: "crc.testing/other" },
    };
    const gitops = { layout: "clusters", environments, pullRequest: { split: "cluster" } };
    const { requests } = await fleet.run({ gitops });
    expect(requests.map(({ part }) => part)).toEqual(["crc.testing/other", "crc.testing/wrl62"]);
    const files = Object.keys(await fleet.files(`${MAIN}--crc.testing/wrl62`));
    expect([...new Set(files.map((path) => path.split("/", 2).join("/")))]).toEqual([
      "clusters/_all",
      "clusters/dev-cluster",
      "clusters/test-cluster",
    ]);
    await fleet.close();
  });
});

describe("Secrets that are encrypted into requests of their own", { timeout: 60_000 }, () => {
  it("stay as they are while nothing changes, also when the cut changes", async () => {
    const fleet = await createFleet("folder");
    const recipient = await identityToRecipient(await generateX25519Identity());
    const password = { password: "Tr0ub4dor-and-3" };
    await fleet.snapshot([...OBJECTS, secret("shop/db", password), secret("team/db", password)], { secrets: "plain" });
    const gitops = { secrets: { mode: "sops", sops: { recipients: [recipient] } }, environments: { prod: {} } };
    const parted = { ...gitops, pullRequest: { split: "namespace" } };
    await fleet.run({ gitops: parted });
    const file = "namespaces/shop/base/secrets/db.sops.yaml";
    const before = (await fleet.files(SHOP))[file];
    expect(before).toContain("sops");
    expect(await fleet.run({ gitops: parted })).toMatchObject({ commit: "", requests: [] });
    await fleet.run({ gitops: { ...gitops, pullRequest: { split: "none" } } });
    expect((await fleet.files(MAIN))[file]).toBe(before);
    await fleet.close();
  });
});

/** Has the server move a branch at the beginning of the next push to it, as a person's push would. */
async function movingOnce(fleet: Fleet, branch: string): Promise<void> {
  const script = `#!/bin/sh
unset GIT_QUARANTINE_PATH
case "$(cat)" in *refs/heads/${branch}*) ;; *) exit 0 ;; esac
[ -e "$GIT_DIR/moved" ] && exit 0
touch "$GIT_DIR/moved"
next=$(git -c user.name=S -c user.email=s@example.com commit-tree -p main -m "A person's" 'main^{tree}')
git update-ref refs/heads/${branch} "$next"
`;
  const hook = join(fleet.url, "hooks", "pre-receive");
  await writeFile(hook, script);
  await chmod(hook, 0o755);
}

/** Has the server refuse a branch. */
async function refusing({ url }: Fleet, branch: string): Promise<void> {
  const hook = join(url, "hooks", "pre-receive");
  await writeFile(hook, `#!/bin/sh\ncase "$(cat)" in *refs/heads/${branch}*) echo not today >&2; exit 1 ;; esac\n`);
  await chmod(hook, 0o755);
}
