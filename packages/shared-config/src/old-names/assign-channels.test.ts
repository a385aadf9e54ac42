import { describe, expect, it } from "vitest";
import { loadConfig, secretsOf } from "../index.ts";
import { loadTexts, problemsOfTexts } from "../testing/load-yaml.ts";
import { fixture } from "../testing/mounted-folder.ts";

const STORE = "store: { type: folder, path: /backups }\n";

describe("old names of notifications", () => {
  it("a whole file with its variables becomes the channels webhook and slack", async () => {
    const { config, notices } = await loadConfig({
      files: [fixture("several-environments.yaml")],
      env: {
        MINIO_ENDPOINT: "minio.example.com",
        MINIO_ACCESS_KEY: "access",
        MINIO_SECRET_KEY: "secret-key",
        NOTIFICATIONS_ENABLED: "true",
        WEBHOOK_URL: "https://hooks.example.com/planted-1",
        SLACK_WEBHOOK_URL: "https://hooks.slack.example/planted-2",
      },
      cwd: "/nowhere",
    });
    const { enabled, channels } = config.notifications;
    expect(enabled).toBe(true);
    expect(channels).toMatchObject({
      webhook: { type: "webhook", on: ["success", "failure", "partial", "drift", "recovered"], escalation: false },
      slack: { type: "slack", channel: "#backup-notifications", on: ["failure", "partial", "drift", "recovered"] },
    });
    expect(secretsOf([channels.webhook, channels.slack]).map((secret) => secret.reveal())).toEqual([
      "https://hooks.example.com/planted-1",
      "https://hooks.slack.example/planted-2",
    ]);
    expect(notices.join("\n")).not.toContain("notifications");
  });

  it("variables alone do, in the channel that the old tool wrote to", async () => {
    const env = { NOTIFICATIONS_ENABLED: "true", SLACK_WEBHOOK_URL: "https://hooks.slack.example/planted" };
    const { config } = await loadTexts([STORE], { env });
    expect(config.notifications.channels).toMatchObject({ slack: { type: "slack", channel: "#backup-notifications" } });
    const chosen = await loadTexts([STORE], { env: { ...env, SLACK_CHANNEL: "#ops" } });
    expect(chosen.config.notifications.channels).toMatchObject({ slack: { channel: "#ops" } });
  });

  it.each([
    ["on_success: true", ["success", "failure", "partial", "drift", "recovered"]],
    ["on_failure: false", []],
    ["on_success: true, on_failure: false", ["success"]],
  ])("%s says what is told", async (switches, on) => {
    const { config } = await loadTexts([
      `${STORE}notifications: { enabled: true, webhook: { url: "https://hooks.example.com/x", ${switches} } }\n`,
    ]);
    expect(config.notifications.channels).toMatchObject({ webhook: { on } });
  });

  it("lie beside channels of our own, and are not used where nothing says a URL", async () => {
    const { config, notices } = await loadTexts([
      `${STORE}notifications:
  enabled: true
  webhook: { on_success: true }
  slack: { webhook_url: "\${SLACK_WEBHOOK_URL:-}", channel: "#ops" }
  channels: { mail: { type: email, host: smtp.example.com, from: k@example.com, to: [ops@example.com] } }
`,
    ]);
    expect(Object.keys(config.notifications.channels)).toEqual(["mail"]);
    expect(notices).toEqual([
      "config: notifications.webhook.on_success set in a.yaml and not used: there is no URL of webhook",
      "config: notifications.slack.webhook_url, notifications.slack.channel set in a.yaml and not used: there is no URL of slack",
    ]);
  });
});

describe("notifications are refused", () => {
  it.each([
    ["enabled: true", "notifications.channels: missing: enabled is true, and there is nobody to tell"],
    ["channels: { a: { type: slack, url: ops } }", "notifications.channels.a.url: expected a URL, https://…"],
    [
      'channels: { a: { type: webhook, url: "https://x.example", key: planted } }',
      "notifications.channels.a.key: expected whsec_<base64> of 24 to 64 bytes",
    ],
    [
      "channels: { a: { type: email, host: h, from: f@x, to: [t@x], tls: none, username: me, password: planted } }",
      "notifications.channels.a.tls: a password is not sent without TLS; drop one of them",
    ],
  ])("%s", async (text, problem) => {
    const [said = "", ...others] = await problemsOfTexts([`${STORE}notifications: { ${text} }\n`]);
    expect(said).toContain(problem);
    expect(said).not.toContain("planted");
    expect(others).toEqual([]);
  });
});
