import { writeFileSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configMap, namespace } from "@kubeferry/test-fleet";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFleet, type Fleet } from "../testing/fleet.ts";

const SETTINGS = "namespaces/shop/base/configmap-settings.yaml";
const SHOP = [namespace("shop"), configMap("shop/settings")];
const CHANGED = [namespace("shop"), configMap("shop/settings", { greeting: "good day" }), configMap("shop/more")];

describe("mode push", { timeout: 60_000 }, () => {
  let fleet: Fleet;
  beforeEach(async () => {
    fleet = await createFleet("folder");
    await fleet.snapshot(SHOP);
  });
  afterEach(() => fleet.close());

  it("builds on what somebody pushed to the base a moment before", async () => {
    await moveBaseAtPush(fleet, 1);
    const report = await fleet.run({ gitops: { mode: "push" } });
    expect(await fleet.tip("main")).toBe(report.commit);
    const { stdout } = await fleet.git("--git-dir", fleet.url, "log", "--format=%s", "main");
    expect(stdout.split("\n").slice(0, 3)).toEqual([
      "kubeferry: crc.testing/wrl62: 2 new, 0 changed, 0 removed",
      "A person's",
      "Start",
    ]);
  });

  it("ends when the base moves at every try, and leaves nothing of ours there", async () => {
    await moveBaseAtPush(fleet, 99);
    await expect(fleet.run({ gitops: { mode: "push" } })).rejects.toThrow(
      "gitops: push main: conflict: the branch moved at each of 3 tries; see who else writes to it, then run again",
    );
    expect(Object.keys(await fleet.files("main"))).toEqual([]);
  });

  it("leaves a folder alone that people edited", async () => {
    await fleet.run({ gitops: { mode: "push" } });
    await fleet.edit("main", { [SETTINGS]: "a: person's\n" });
    await fleet.snapshot(CHANGED);
    expect(await fleet.run({ gitops: { mode: "push" } })).toMatchObject({
      status: "partial",
      commit: "",
      frozen: [{ folder: "namespaces/shop", files: ["base/configmap-settings.yaml"] }],
    });
  });
});

describe("mode directory", { timeout: 60_000 }, () => {
  let fleet: Fleet;
  let directory: string;
  beforeEach(async () => {
    fleet = await createFleet("folder");
    directory = join(await mkdtemp(join(tmpdir(), "kubeferry-directory-")), "fleet");
    await fleet.snapshot(SHOP);
  });
  afterEach(async () => {
    await rm(directory, { recursive: true, force: true });
    await fleet.close();
  });
  const run = (gitops: object = {}) => fleet.run({ gitops: { mode: "directory", directory, ...gitops } });

  it("writes the files there and nothing to Git; a second run writes nothing", async () => {
    const report = await run();
    expect(report).toMatchObject({ mode: "directory", directory, commit: "", branch: "", requests: [] });
    expect(report.files.written).toBeGreaterThan(5);
    expect(await readFile(join(directory, SETTINGS), "utf8")).toContain("greeting: hello");
    expect(await fleet.tip("kubeferry/main")).toBe("");
    const before = (await stat(join(directory, SETTINGS))).mtimeMs;
    expect(await run()).toMatchObject({ files: { written: 0, changed: 0, removed: 0 }, frozen: [] });
    expect((await stat(join(directory, SETTINGS))).mtimeMs).toBe(before);
  });

  it("changes its own files, removes what is gone, and touches nobody else's", async () => {
    await run();
    await mkdir(join(directory, "docs"));
    await writeFile(join(directory, "docs/notes.md"), "Ours.\n");
    await fleet.snapshot([namespace("shop"), configMap("shop/more")]);
    const report = await fleet.run({ gitops: { mode: "directory", directory }, allowRemovals: true });
    expect(report.files).toMatchObject({ written: 1, removed: 1 });
    expect((await readdir(join(directory, "namespaces/shop/base"))).sort()).toEqual([
      "configmap-more.yaml",
      "kustomization.yaml",
      "namespace.yaml",
    ]);
    expect(await readFile(join(directory, "docs/notes.md"), "utf8")).toBe("Ours.\n");
  });

  it("leaves a folder alone in which people edited a file", async () => {
    await run();
    await writeFile(join(directory, SETTINGS), "a: person's\n");
    await fleet.snapshot(CHANGED);
    expect(await run()).toMatchObject({
      status: "partial",
      files: { written: 0, changed: 0 },
      frozen: [{ folder: "namespaces/shop", files: ["base/configmap-settings.yaml"] }],
    });
    expect(await readFile(join(directory, SETTINGS), "utf8")).toBe("a: person's\n");
  });

  it("plans again when a file changes between reading and writing", async () => {
    await run();
    await fleet.snapshot(CHANGED);
    const edit = { done: false };
    const onProgress = ({ step }: { readonly step: string }): void => {
      if (step !== "publish" || edit.done) return;
      edit.done = true;
      writeFileSync(join(directory, SETTINGS), "a: person's\n");
    };
    expect(await fleet.run({ gitops: { mode: "directory", directory }, onProgress })).toMatchObject({
      files: { written: 0, changed: 0 },
      frozen: [{ folder: "namespaces/shop", files: ["base/configmap-settings.yaml"] }],
    });
    expect(await readdir(join(directory, "namespaces/shop/base"))).not.toContain("configmap-more.yaml");
  });

  it("is refused where the files were laid out in another shape", async () => {
    await run();
    await expect(run({ layout: "clusters" })).rejects.toThrow("was written with gitops.layout: namespaces");
  });
});

describe("mode dry-run", { timeout: 60_000 }, () => {
  it("says what would be proposed, and pushes nothing", async () => {
    const fleet = await createFleet("folder");
    await fleet.snapshot(SHOP);
    const report = await fleet.run({ gitops: { mode: "dry-run" } });
    expect(report).toMatchObject({ mode: "dry-run", commit: "", requests: [] });
    expect(report.proposed).toContainEqual({ path: SETTINGS, change: "added" });
    const { stdout } = await fleet.git("ls-remote", "--heads", fleet.url);
    expect(stdout.match(/refs\/heads\/\S+/g)).toEqual(["refs/heads/main"]);
    await fleet.close();
  });
});

/** Has the server move the base at the beginning of a push, as a push that was a moment faster would. */
async function moveBaseAtPush({ url }: Fleet, times: number): Promise<void> {
  const script = `#!/bin/sh
unset GIT_QUARANTINE_PATH
n=$(cat "$GIT_DIR/pushes" 2>/dev/null || echo 0)
echo $((n + 1)) > "$GIT_DIR/pushes"
[ "$n" -ge ${times} ] && exit 0
next=$(git -c user.name=S -c user.email=s@example.com commit-tree -p main -m "A person's" 'main^{tree}')
git update-ref refs/heads/main "$next"
`;
  const hook = join(url, "hooks", "pre-receive");
  await writeFile(hook, script);
  await chmod(hook, 0o755);
}
