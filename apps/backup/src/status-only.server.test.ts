import { missingServers, servers } from "@kubeferry/testbed";
import { describe, expect, it } from "vitest";
import { openTestBackups, testCall } from "./testing/test-backups.ts";

const NODE = "/api/v1/nodes/worker-1";
const MERGE = { "content-type": "application/merge-patch+json" };

describe.skipIf(missingServers("kube-apiserver"))("a type whose status-only changes may keep earlier bytes", () => {
  it("keeps them while a kubelet reports, and not a moment longer", { timeout: 90_000 }, async () => {
    const server = await servers.freshKubeApi();
    await server.apply({ apiVersion: "v1", kind: "Node", metadata: { name: "worker-1" } });
    const heartbeat = async (text: string): Promise<void> => {
      const conditions = [{ type: "Ready", status: "True", message: text }];
      const answer = await server.request(
        "PATCH",
        `${NODE}/status?fieldManager=kubelet`,
        { status: { conditions } },
        MERGE,
      );
      expect(answer.status).toBe(200);
    };
    const filter = { mode: "whitelist", resources: { include: ["nodes"] } };
    const backups = await openTestBackups({ ...server, backup: { filter, carryStatusOnly: ["nodes"] } });
    const lineOf = async (other?: Parameters<typeof backups.run>[1]) => {
      const { report, snapshot } = await backups.run(testCall, other);
      const lines: string[] = [];
      for await (const object of snapshot.objects(() => true, testCall)) {
        lines.push(object.readable ? object.line.toString("utf8") : "encrypted");
      }
      const captured = snapshot.manifest.types.find(({ resource }) => resource === "nodes")?.captured;
      return { line: lines.join(), changed: report.changed, segments: report.segments, captured };
    };

    await heartbeat("first");
    const first = await lineOf();
    expect(first.captured).not.toHaveProperty("statusOnly");
    await heartbeat("second");
    const second = await lineOf();
    expect(second).toMatchObject({ line: first.line, changed: 0, segments: { written: 0, reused: 1 } });
    expect(second.captured).toMatchObject({ status: "read", statusOnly: 1 });

    // What is no status is captured, with the status of that moment.
    await heartbeat("third");
    await server.request("PATCH", NODE, { metadata: { labels: { zone: "a" } } }, MERGE);
    const third = await lineOf();
    expect(third.changed).toBe(1);
    expect(JSON.parse(third.line)).toMatchObject({
      metadata: { labels: { zone: "a" } },
      status: { conditions: [{ message: "third" }] },
    });
    await server.request("PATCH", NODE, { spec: { unschedulable: true } }, MERGE);
    expect((await lineOf()).changed).toBe(1);

    // A type that is not named is captured as returned, whatever moved.
    await heartbeat("fourth");
    const last = await lineOf({ backup: { filter } });
    expect(last.changed).toBe(1);
    expect(last.line).toContain("fourth");
    await server.stop();
  });
});
