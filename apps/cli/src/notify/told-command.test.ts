import type { LogFields } from "@kubeferry/model";
import { loadConfig } from "@kubeferry/shared-config";
import { missingServers, servers } from "@kubeferry/testbed";
import { expect, it } from "vitest";
import { testCall } from "../testing/call.ts";
import { writeConfig } from "../testing/workspace.ts";
import type { Telling } from "./telling.ts";
import { type ToldAs, tellingOf } from "./told-command.ts";

const NEWS = { outcome: "failure", title: "it failed", text: "no answer", sameAs: "" } as const;
const AS: ToldAs = { component: "prune", failed: (target) => `pruning of ${target} failed` };

/** Says in the log what would have become of each message. */
function becoming(...outcomes: readonly LogFields[]): Telling {
  return {
    async tell(_news, _key, _config, { log }) {
      for (const fields of outcomes) log.warn("somebody was told", { operation: "notify", ...fields });
    },
  };
}

async function configured(gateway: string) {
  const channels = { ops: { type: "webhook", url: "https://ops.example.com" } };
  const file = await writeConfig({
    cluster: { domain: "crc.testing", name: "wrl62" },
    store: { type: "folder", path: "/nowhere" },
    metrics: { enabled: false, push: { url: gateway } },
    notifications: { enabled: true, channels },
  });
  return (await loadConfig({ files: [file], env: {} })).config;
}

it.skipIf(missingServers("pushgateway"))("messages of a command are counted, added to those before", async () => {
  const gateway = await servers.pushgateway();
  const config = await configured(gateway);
  const told = (telling: Telling) => tellingOf({ telling, config, call: testCall, runId: "one" }, AS);
  const counted = async () =>
    (await (await fetch(`${gateway}/metrics`)).text())
      .split("\n")
      .filter((line) => /^kubeferry_notif.*wrl62/.test(line));
  const line = (outcome: string, count: number) =>
    expect.stringMatching(
      new RegExp(`channel="ops",cluster="crc.testing/wrl62",command="prune",.*outcome="${outcome}".* ${count}$`),
    );

  await told(becoming()).ended(NEWS);
  // Each is there before its first, so that this one is an increase.
  expect(await counted()).toEqual([line("failed", 0), line("held-back", 0), line("sent", 0)]);
  await told(becoming({ channel: "ops", status: "failed" })).ended(NEWS);
  await told(becoming({ channel: "ops", status: "sent" }, { channel: "ops", status: "sent" })).failed(new Error("no"));
  expect(await counted()).toEqual([line("failed", 1), line("held-back", 0), line("sent", 2)]);
});

it("a gateway that is away is no reason for a command to fail", async () => {
  const config = await configured("http://127.0.0.1:1");
  await tellingOf({ telling: becoming(), config, call: testCall, runId: "one" }, AS).ended(NEWS);
});
