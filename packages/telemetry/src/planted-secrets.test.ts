import { Buffer } from "node:buffer";
import { Secret } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { redact, redactText } from "./index.ts";
import { openLog } from "./testing/open-log.ts";

describe("planted secrets", () => {
  it("come out of no field, key, message, error, stack, cause or URL, in no format", async () => {
    const planted = "Pl4nted/Secret+Value";
    redact(new Secret(planted));
    const inner = new TypeError(`inner ${planted}`);
    const aggregate = new AggregateError([new Error(`one ${planted}`)], `all ${planted}`, { cause: inner });
    for (const format of ["json", "pretty"] as const) {
      const { log, text } = openLog({ format, fields: { cluster: planted, run_id: planted } });
      log.child({ namespace: planted, resource: `x-${planted}` }).error(`message with ${planted}`, {
        ...({ operation: planted, event: planted } as Record<string, unknown>),
        error: aggregate,
        list: [planted, { deep: { deeper: planted } }],
        [`key-${planted}`]: 1,
        url: new URL(
          `https://bot:${encodeURIComponent(planted)}@git.example.com/?token=${encodeURIComponent(planted)}`,
        ),
        basic: `Basic ${Buffer.from(`bot:${planted}`).toString("base64")}`,
        json: JSON.stringify({ planted }),
        map: new Map([["k", planted]]),
        headers: new Headers({ "x-custom": planted }),
      });
      await log.close();
      expect(text()).toContain("message with ***");
      for (const form of [planted, encodeURIComponent(planted), Buffer.from(planted).toString("base64").slice(0, -4)]) {
        expect(text()).not.toContain(form);
      }
      expect(text()).not.toContain(Buffer.from(`bot:${planted}`).toString("base64").slice(6, 20));
    }
  });

  it("print as *** when they are still wrapped", async () => {
    const { log, json } = openLog();
    log.info("wrapped", { store: { key: new Secret("unregistered-value") } });
    await log.close();
    expect(json()[0]).toMatchObject({ data: { store: { key: "***" } } });
  });

  it("do not come out of fields that are named like secrets, whoever filled them", async () => {
    const { log, json } = openLog();
    log.info("request", {
      password: "a",
      secretKey: "b",
      accessKey: "c",
      Authorization: "d",
      "x-auth-token": "e",
      MINIO_SECRET_KEY: 6,
      nested: { apiKey: ["f"] },
      hasToken: true,
      secretName: "db",
      secrets: "withhold",
    });
    await log.close();
    expect(json()[0]?.data).toEqual({
      password: "***",
      secretKey: "***",
      accessKey: "***",
      Authorization: "***",
      "x-auth-token": "***",
      MINIO_SECRET_KEY: "***",
      nested: { apiKey: "***" },
      hasToken: true,
      secretName: "db",
      secrets: "withhold",
    });
  });

  it("hung on an error by a client (request headers) are not written at all", async () => {
    const { log, text } = openLog();
    const error = Object.assign(new Error("Request failed"), { config: { headers: { "x-key": "client-secret-1" } } });
    log.error("failed", { error });
    await log.close();
    expect(text()).not.toContain("client-secret-1");
  });

  it("do not come out of a text for people that is redacted by hand", () => {
    redact(new Secret("by-hand-1"));
    expect(redactText("s3: put a: denied: by-hand-1 is no key")).toBe("s3: put a: denied: *** is no key");
  });
});
