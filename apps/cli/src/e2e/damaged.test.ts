import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ReplayServer } from "@kubeferry/kube-replay";
import { afterEach, describe, expect, it } from "vitest";
import { kubeferry } from "../testing/cli.ts";
import { shopToFleet } from "../testing/shop-to-fleet.ts";

const ROOT = "company.local/production-east";

describe("a segment with other bytes of the same length", () => {
  const replays: ReplayServer[] = [];
  afterEach(async () => {
    for (const replay of replays.splice(0)) await replay.close();
  });

  it("keeps everything out of Git until what the message says is done", { timeout: 60_000 }, async () => {
    const { replay, config, store } = await shopToFleet();
    replays.push(replay);
    expect(await kubeferry(["backup", "--config", config])).toMatchObject({ code: 0 });
    const root = join(store, ROOT);
    const manifest = JSON.parse(await readFile(join(root, "_snapshots/default/0000000001.json"), "utf8"));
    const damaged = `_snapshots/segments/${manifest.types.find(isDeployments).segments[0].sha256}.ndjson.zst`;
    const bytes = await readFile(join(root, damaged));
    await writeFile(join(root, damaged), Buffer.from(bytes.map((byte, index) => (index === 20 ? byte ^ 1 : byte))));

    const refused = await kubeferry(["gitops", "--config", config]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(`damaged: snapshot: read ${damaged}`);
    expect(refused.stderr).toContain(
      "move what is named here out of the store, if it is there, and run kubeferry backup, which writes it anew",
    );

    await rm(join(root, damaged));
    expect(await kubeferry(["backup", "--config", config])).toMatchObject({ code: 0 });
    expect(await kubeferry(["gitops", "--config", config])).toMatchObject({ code: 0 });
    expect(await kubeferry(["snapshots", "verify", "1", "--config", config])).toMatchObject({ code: 0 });
  });
});

function isDeployments({ resource }: { readonly resource: string }): boolean {
  return resource === "deployments";
}
