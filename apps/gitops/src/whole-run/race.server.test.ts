import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { configMap, namespace } from "@kubeferry/test-fleet";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFleet, type Fleet } from "../testing/fleet.ts";
import { withoutNewest } from "../testing/without-newest.ts";

const BRANCH = "kubeferry/main";
const SHOP = [namespace("shop"), configMap("shop/settings")];

describe("a branch that moves while a run is at work", () => {
  let fleet: Fleet;
  beforeEach(async () => {
    fleet = await createFleet("folder");
  });
  afterEach(() => fleet.close());

  it("is read again, and left to the person who pushed to it meanwhile", async () => {
    await fleet.snapshot(SHOP);
    await fleet.run();
    await moveAtPush(fleet, { times: 1, message: "A person's" });
    await fleet.snapshot([...SHOP, configMap("shop/more")]);
    const report = await fleet.run();
    expect(report.branch).toBe("kubeferry/main-2");
    expect(await fleet.tip("kubeferry/main-2")).toBe(report.commit);
    expect(await fleet.tip(BRANCH)).not.toBe(report.commit);
    expect(Object.keys(await fleet.files(report.branch))).toContain("namespaces/shop/base/configmap-more.yaml");
  });

  it("ends the run when it moves at every try, and nothing of ours is pushed", async () => {
    const trailers = "Kubeferry-Run: r\nKubeferry-Snapshot: s\nKubeferry-Cluster: crc.testing/wrl62";
    await fleet.snapshot(SHOP);
    await moveAtPush(fleet, { times: 99, message: `Another run\n\n${trailers}`, email: "kubeferry@localhost" });
    await expect(fleet.run()).rejects.toThrow(
      `gitops: push ${BRANCH}: conflict: the branch moved at each of 3 tries; see who else writes to it, then run again`,
    );
    expect(Object.keys(await fleet.files(BRANCH))).toEqual([]);
    expect(await fleet.tip("kubeferry/main-2")).toBe("");
  });

  it("by another run of ours ends with one commit that both agree on", async () => {
    await fleet.snapshot(SHOP);
    const reports = await Promise.all([fleet.run({ runId: "one" }), fleet.run({ runId: "two" })]);
    const tip = await fleet.tip(BRANCH);
    expect(reports.map(({ branch }) => branch)).toEqual([BRANCH, BRANCH]);
    expect(reports.map(({ commit }) => commit)).toContain(tip);
    expect(await fleet.run({ runId: "three" })).toMatchObject({ commit: "" });
    expect(await fleet.tip(BRANCH)).toBe(tip);
  });

  it("is not set back by a slow run, which read an older snapshot", async () => {
    await fleet.snapshot(SHOP);
    await fleet.snapshot([...SHOP, configMap("shop/more")]);
    const { commit } = await fleet.run();
    const slow = fleet.run({ store: withoutNewest(fleet) });
    await expect(slow).rejects.toThrow(
      /^gitops: propose on kubeferry\/main: conflict: another run has already proposed a newer snapshot there, crc\.testing\/wrl62\/_snapshots\/\S+2\.json; nothing was pushed; run again to read that one$/,
    );
    expect(await fleet.tip(BRANCH)).toBe(commit);
  });

  it("is set to the newest snapshot that there is, where the store was taken back to an earlier state", async () => {
    await fleet.snapshot(SHOP);
    await fleet.snapshot([...SHOP, configMap("shop/more")]);
    await fleet.run();
    const hidden = withoutNewest(fleet);
    const report = await fleet.run({ store: { ...hidden, head: async () => undefined } });
    expect(report.branch).toBe(BRANCH);
    expect(Object.keys(await fleet.files(BRANCH))).not.toContain("namespaces/shop/base/configmap-more.yaml");
  });
});

/** Has the server move the branch at the beginning of a push, as a push that was a moment faster would. */
async function moveAtPush(
  fleet: Fleet,
  move: { readonly times: number; readonly message: string; readonly email?: string },
): Promise<void> {
  const onto = await fleet.tip("main");
  const script = `#!/bin/sh
unset GIT_QUARANTINE_PATH
case "$(cat)" in *refs/heads/${BRANCH}*) ;; *) exit 0 ;; esac
n=$(cat "$GIT_DIR/pushes" 2>/dev/null || echo 0)
echo $((n + 1)) > "$GIT_DIR/pushes"
[ "$n" -ge ${move.times} ] && exit 0
export GIT_AUTHOR_DATE="@$((1700000000 + n)) +0000" GIT_COMMITTER_DATE="@$((1700000000 + n)) +0000"
next=$(git -c user.name=S -c user.email=${move.email ?? "s@example.com"} commit-tree -p ${onto} -m "${move.message}" '${onto}^{tree}')
git update-ref refs/heads/${BRANCH} "$next"
`;
  const hook = join(fleet.url, "hooks", "pre-receive");
  await writeFile(hook, script);
  await chmod(hook, 0o755);
}
