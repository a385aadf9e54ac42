import { describe, expect, it } from "vitest";
import { failed } from "../../testing/surroundings.ts";
import { slackPayload } from "./payload.ts";

interface Payload {
  readonly text: string;
  readonly channel?: string;
  readonly blocks: readonly { readonly type: string; readonly text?: { readonly text: string } }[];
}

const payload = (changes: Partial<typeof failed>, channel?: string) =>
  slackPayload({ ...failed, ...changes }, channel) as Payload;

const sectionsOf = ({ blocks }: Payload) =>
  blocks.flatMap(({ type, text }) => (type === "section" ? [text?.text ?? ""] : []));

describe("a message in Slack", () => {
  it("has a heading, the text, the link, and where it comes from; and all of it as text", () => {
    expect(slackPayload(failed, "#backup-notifications")).toEqual({
      channel: "#backup-notifications",
      text: [
        "*backup of crc.testing/wrl62 failed*",
        "kube: discover: unavailable: no answer; check the API server",
        "<https://git.example.com/acme/fleet/pulls/7>",
        "backup crc.testing/wrl62 · run run-1 · trace 4bf92f3577b34da6a3ce929d0e0e4736 · 2026-03-01T02:00:00.000Z",
      ].join("\n"),
      blocks: [
        { type: "header", text: { type: "plain_text", text: "backup of crc.testing/wrl62 failed", emoji: false } },
        {
          type: "section",
          text: {
            type: "mrkdwn",
            text: "kube: discover: unavailable: no answer; check the API server",
            verbatim: true,
          },
        },
        {
          type: "section",
          text: { type: "mrkdwn", text: "<https://git.example.com/acme/fleet/pulls/7>", verbatim: true },
        },
        {
          type: "context",
          elements: [
            {
              type: "mrkdwn",
              text: "backup crc.testing/wrl62 · run run-1 · trace 4bf92f3577b34da6a3ce929d0e0e4736 · 2026-03-01T02:00:00.000Z",
              verbatim: true,
            },
          ],
        },
      ],
    });
    expect(payload({})).not.toHaveProperty("channel");
  });

  it("rings nobody, whatever an object is called", () => {
    const { text, blocks } = payload({ text: "<!channel> & <https://x|y>", title: "<!here>" });
    expect(text).toContain("&lt;!channel&gt; &amp; &lt;https://x|y&gt;");
    expect(text).not.toContain("<!");
    expect(JSON.stringify(blocks.slice(1))).not.toContain("<!");
  });

  it("keeps Slack's limits: 3,000 characters a section, 150 a heading, 50 blocks", () => {
    const long = payload({
      title: "t".repeat(200),
      text: `${"&".repeat(2_999)}\n${"line\n".repeat(60_000)}`,
      link: null,
    });
    expect(long.blocks.length).toBeLessThanOrEqual(50);
    expect(long.blocks[0]?.text?.text).toHaveLength(150);
    for (const text of sectionsOf(long)) expect(text.length).toBeLessThanOrEqual(3_000);
  });

  it("loses nothing where a long text is cut into sections, and cuts no escape and no character", () => {
    const text = `${"a".repeat(2_998)}&&${"😀".repeat(2_000)}`;
    const pieces = sectionsOf(payload({ text, link: null }));
    expect(pieces.join("")).toBe(text.replaceAll("&", "&amp;"));
    for (const piece of pieces) expect(piece).not.toMatch(/&(?!amp;)|[\uD800-\uDBFF]$/);
  });
});
