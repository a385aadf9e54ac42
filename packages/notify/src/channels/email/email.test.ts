import { Secret } from "@kubeferry/model";
import { afterEach, describe, expect, it } from "vitest";
import type { SettingsOf } from "../../channel-settings.ts";
import type { Message } from "../../message.ts";
import { type MailServer, type MailServerOptions, startMailServer } from "../../testing/mail-server.ts";
import { around, failed } from "../../testing/surroundings.ts";
import { createEmail } from "./email.ts";

const servers: MailServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function started(options: MailServerOptions = {}): Promise<MailServer> {
  const server = await startMailServer(options);
  servers.push(server);
  return server;
}

function settingsFor(
  { port, certificate }: MailServer,
  changes: Partial<SettingsOf<"email">> = {},
): SettingsOf<"email"> {
  return {
    type: "email",
    on: ["failure"],
    escalation: false,
    host: "127.0.0.1",
    port,
    tls: "required",
    caFile: certificate.caFile,
    from: "Backups <kubeferry@example.com>",
    to: ["ops@example.com", "night@example.com"],
    ...changes,
  };
}

async function send(settings: SettingsOf<"email">, message: Message = failed): Promise<unknown> {
  return createEmail(settings, around)
    .send(message, AbortSignal.timeout(9_000))
    .then(
      () => "sent",
      (error: unknown) => error,
    );
}

describe("a mail", () => {
  it("travels under TLS, by STARTTLS, after a login", async () => {
    const login = { username: "me", password: "planted-1" };
    const server = await started({ login });
    const own = { username: login.username, password: new Secret(login.password) };
    expect(await send(settingsFor(server, own))).toBe("sent");
    expect(server.received).toMatchObject([
      { from: "kubeferry@example.com", to: ["ops@example.com", "night@example.com"], secure: true, user: "me" },
    ]);
  });

  it("is not sent where the server offers no TLS, unless that is said", async () => {
    const server = await started({ withoutTls: true });
    expect(await send(settingsFor(server))).toMatchObject({ kind: "refused", message: expect.stringContaining("TLS") });
    expect(server.received).toEqual([]);
    expect(await send(settingsFor(server, { tls: "none" }))).toBe("sent");
    expect(server.received).toMatchObject([{ secure: false }]);
  });

  it("is not sent to a server whose certificate nobody vouches for", async () => {
    const server = await started();
    const { caFile: _, ...withoutAuthority } = settingsFor(server);
    expect(await send(withoutAuthority)).toMatchObject({ name: "NotifyError" });
    expect(server.received).toEqual([]);
  });

  it("has the time and the id of the message, and is marked as one that no machine answers", async () => {
    const server = await started();
    await send(settingsFor(server));
    const { source = "" } = server.received[0] ?? {};
    expect(source).toContain("Date: Sun, 01 Mar 2026 02:00:00 +0000\r\n");
    expect(source).toContain(`Message-ID: <${failed.id}@example.com>\r\n`);
    expect(source).toContain("Auto-Submitted: auto-generated\r\n");
    expect(source).toContain("Subject: backup of crc.testing/wrl62 failed\r\n");
  });

  it("gets no header from its texts, and its HTML no element", async () => {
    const server = await started();
    const title = "failed\r\nBcc: planted@example.com\r\n\r\n<b>";
    await send(settingsFor(server), { ...failed, title, text: "<script>planted</script>", id: "a>\r\nBcc: planted@b" });
    const [mail] = server.received;
    expect(mail?.to).toEqual(["ops@example.com", "night@example.com"]);
    const head = mail?.source.split("\r\n\r\n")[0] ?? "";
    expect(head).not.toMatch(/^Bcc:/im);
    expect(mail?.source).not.toContain("planted@example.com\r\n\r\n");
    const html = mail?.source.split("text/html")[1] ?? "";
    expect(html).not.toContain("<script>");
  });

  it("says what to look at when the login is wrong, without login and answer", async () => {
    const server = await started({ login: { username: "me", password: "right" } });
    const error = await send(settingsFor(server, { username: "me", password: new Secret("planted-2") }));
    expect(error).toMatchObject({
      kind: "refused",
      message: expect.stringContaining("check notifications.channels.ops.username"),
    });
    expect(String(error)).not.toMatch(/planted-2|wrong login/);
  });
});
