import { Buffer } from "node:buffer";
import { KubeferryError, Secret, silentLog } from "@kubeferry/model";
import { redact, redactText } from "@kubeferry/telemetry";
import { describe, expect, it, onTestFinished } from "vitest";
import { createProcessMemory } from "./memory/process-memory.ts";
import { createNotifier } from "./notifier.ts";
import { startHttpReceiver } from "./testing/http-receiver.ts";
import { startMailServer } from "./testing/mail-server.ts";
import { around } from "./testing/surroundings.ts";

class StoreTrouble extends KubeferryError<"denied"> {}

const VALUE = "Pl4nted/Secret+Value";
const KEY_FILE = `-----BEGIN KEY-----\nc2VjcmV0LWxpbmUtb25lLXBsYW50ZWQ\nc2VjcmV0LWxpbmUtdHdvLXBsYW50ZWQ\n-----END KEY-----\n`;

/** Every form that a secret of the configuration can have in a text that others wrote. */
const FORMS: Readonly<Record<string, string>> = {
  "the value": VALUE,
  "percent-encoded": encodeURIComponent(VALUE),
  "in base64": Buffer.from(VALUE).toString("base64"),
  "in base64 for URLs": Buffer.from(VALUE).toString("base64url"),
  "as basic authentication": `Basic ${Buffer.from(`bot:${VALUE}`).toString("base64")}`,
  "in a URL": `https://bot:${encodeURIComponent(VALUE)}@git.example.com/acme.git`,
  "in JSON": JSON.stringify({ password: VALUE }),
  "a line of a key file": "c2VjcmV0LWxpbmUtdHdvLXBsYW50ZWQ",
};

/** Nothing of these may arrive, however a channel encodes it. */
const TRACES = [
  VALUE,
  encodeURIComponent(VALUE),
  Buffer.from(VALUE).toString("base64").slice(2, -4),
  Buffer.from(`bot:${VALUE}`).toString("base64").slice(8, -4),
  "c2VjcmV0LWxpbmU",
];

describe("a secret in an error and in names", () => {
  redact(new Secret(VALUE));
  redact(new Secret(KEY_FILE));

  it.each(Object.entries(FORMS))("does not arrive through any channel: %s", async (_name, form) => {
    const http = await startHttpReceiver();
    const mail = await startMailServer({ withoutTls: true });
    onTestFinished(async () => {
      await http.close();
      await mail.close();
    });
    const on = ["failure" as const];
    const settings = {
      enabled: true,
      channels: {
        ops: { type: "webhook" as const, url: new Secret(`${http.url}/hook`), on, escalation: false },
        chat: { type: "slack" as const, url: new Secret(`${http.url}/slack`), on, escalation: false },
        mail: {
          ...{ type: "email" as const, host: "127.0.0.1", port: mail.port, tls: "none" as const },
          ...{ from: "a@example.com", to: ["b@example.com"], on, escalation: false },
        },
      },
      escalateAfter: 3,
      repeatAfterMs: 3_600_000,
      timeoutMs: 9_000,
    };
    const problem = `the store answered ${form}`;
    const error = new StoreTrouble({ kind: "denied", who: "s3", operation: `put prod/${form}`, problem });
    const notifier = createNotifier({ settings, network: around.network, redact: redactText, now: around.now });
    const told = await notifier.tell(
      {
        subject: { component: "backup", target: `crc.testing/${form}` },
        outcome: "failure",
        title: `backup of crc.testing/${form} failed`,
        text: `${error.message}\n- ConfigMap shop/${form}: blocked`,
        sameAs: `StoreTrouble ${form}`,
        runId: "run-1",
        traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
        link: `https://git.example.com/${form}`,
      },
      createProcessMemory(),
      { signal: new AbortController().signal, log: silentLog },
    );
    expect(told.map(({ error: problemOf }) => problemOf)).toEqual([undefined, undefined, undefined]);
    const arrived = [...http.posted.map(({ body }) => body), ...mail.received.map(({ source }) => decoded(source))];
    expect(arrived).toHaveLength(3);
    for (const text of arrived) {
      expect(text).toContain("***");
      for (const trace of TRACES) expect(text).not.toContain(trace);
    }
  });
});

/** A mail as a reader sees it: lines put together again, quoted-printable taken back. */
function decoded(source: string): string {
  return source
    .replaceAll("=\r\n", "")
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
