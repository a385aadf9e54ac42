import type { Buffer } from "node:buffer";
import { spawnSync } from "node:child_process";
import { Writable } from "node:stream";
import { KubeferryError } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { createLog } from "./index.ts";
import { openLog } from "./testing/open-log.ts";

class StoreTrouble extends KubeferryError<"unavailable"> {}

describe("a JSON log line", () => {
  it("has the fields of the documented format, in its order", async () => {
    const { log, text } = openLog({ fields: { cluster: "production-east" } });
    log.info("Resource backup completed successfully", {
      namespace: "default",
      resource: "deployments",
      operation: "resource_backup_complete",
      data: { backed_up: 25, skipped: 3, invalid: 0, duration_ms: 1234.56 },
      duration_ms: 1234.56,
    });
    await log.close();
    expect(text()).toBe(
      '{"timestamp":"2025-07-12T22:06:58Z","level":"info","component":"backup","cluster":"production-east","namespace":"default","resource":"deployments","operation":"resource_backup_complete","message":"Resource backup completed successfully","data":{"backed_up":25,"skipped":3,"invalid":0,"duration_ms":1234.56},"duration_ms":1234.56}\n',
    );
  });

  it("puts fields it does not know below data, and knows camel-case names", async () => {
    const { log, json } = openLog({ fields: { runId: "r-1" } });
    log.debug("object stored", { key: "a/b.yaml", sizeBytes: 12, durationMs: 3, namespace: "shop" });
    await log.close();
    expect(json()).toEqual([
      {
        timestamp: "2025-07-12T22:06:58Z",
        level: "debug",
        component: "backup",
        namespace: "shop",
        message: "object stored",
        data: { key: "a/b.yaml", sizeBytes: 12 },
        duration_ms: 3,
        run_id: "r-1",
      },
    ]);
  });

  it("holds no character that steers a terminal or ends a line, whatever name it speaks of, and parses to that name", async () => {
    const name = "evil\u009b31m\u001b[2J\r\n{}\u2028\u202e\u007fx";
    const { log, json, text } = openLog({ fields: { cluster: name } });
    log.info("backup-complete call", { operation: "serve_call", [name]: [name] });
    await log.close();
    expect(text()).toMatch(/^[^\p{Cc}\p{Zl}\p{Zp}\p{Cf}]+\n$/u);
    expect(json()[0]).toMatchObject({ cluster: name, data: { [name]: [name] } });
  });

  it("keeps one type a field: a known name with another type goes below data, reserved names too", async () => {
    const { log, json } = openLog();
    log.info("odd", { namespace: 7, message: "mine", level: "mine", timestamp: "mine", error: { status: 500 } });
    await log.close();
    expect(json()[0]).toMatchObject({
      level: "info",
      message: "odd",
      data: { namespace: 7, message: "mine", level: "mine", timestamp: "mine", error: { status: 500 } },
    });
    expect(json()[0]).not.toHaveProperty("error");
  });

  it("says of an error its kind, and of every cause what it was", async () => {
    const { log, json } = openLog();
    const cause = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:9000"), { code: "ECONNREFUSED" });
    const parts = { kind: "unavailable", who: "s3", operation: "list prod/", problem: "no answer", next: "try later" };
    log.error("listing failed", { error: new StoreTrouble({ ...parts, kind: "unavailable", cause }) });
    await log.close();
    expect(json()[0]).toMatchObject({
      error: "s3: list prod/: unavailable: no answer; try later; because connect ECONNREFUSED 127.0.0.1:9000",
      data: {
        error: {
          name: "StoreTrouble",
          kind: "unavailable",
          cause: { name: "Error", code: "ECONNREFUSED", message: "connect ECONNREFUSED 127.0.0.1:9000" },
        },
      },
    });
    // A thrown-on-purpose error says enough; of an unexpected one the place matters.
    expect(json()[0]).not.toHaveProperty("data.error.stack");
    expect(json()[0]).toHaveProperty("data.error.cause.stack");
  });

  it("survives fields that JSON does not carry: cycles, 64-bit integers, bytes, maps, throwing getters", async () => {
    const { log, json } = openLog();
    const circle: Record<string, unknown> = { big: 2n ** 63n, bytes: new Uint8Array(5), nan: Number.NaN };
    circle.self = circle;
    Object.defineProperty(circle, "bad", {
      enumerable: true,
      get: () => {
        throw new Error("no");
      },
    });
    const error = new Error("loop");
    error.cause = error;
    log.warn("odd values", {
      circle,
      map: new Map([["a", new Set([1])]]),
      when: new Date(Number.NaN),
      fn: () => 1,
      err: error,
    });
    await log.close();
    expect(json()[0]).toMatchObject({
      data: {
        circle: { big: "9223372036854775808", bytes: "[5 bytes]", nan: "NaN", self: "[circular]", bad: "[unreadable]" },
        map: { a: [1] },
        when: "invalid date",
        fn: "[function]",
        err: { message: "loop" },
      },
    });
  });

  it("shows what a field was when the line was written, not what it became", async () => {
    const { log, json } = openLog();
    const counts = { done: 1 };
    log.info("progress", { counts });
    counts.done = 2;
    await log.close();
    expect(json()[0]).toMatchObject({ data: { counts: { done: 1 } } });
  });
});

describe("levels and children", () => {
  it("writes nothing below its level", async () => {
    const { log, json } = openLog({ level: "warn" });
    log.debug("a");
    log.info("b");
    log.warn("c");
    log.error("d");
    await log.close();
    expect(json().map(({ message }) => message)).toEqual(["c", "d"]);
  });

  it("gives a child's fields to its lines and to those of its children, and not to the parent's", async () => {
    const { log, json } = openLog();
    log.child({ cluster: "crc.testing/wrl62" }).child({ namespace: "shop", component: "mirror" }).info("x");
    log.info("y");
    await log.close();
    expect(json()[0]).toMatchObject({ component: "mirror", cluster: "crc.testing/wrl62", namespace: "shop" });
    expect(json()[1]).not.toHaveProperty("cluster");
  });
});

describe("for people", () => {
  it("writes one short line, without the ids that only machines follow", async () => {
    const { log, text } = openLog({ format: "pretty", fields: { run_id: "r-1" } });
    log.warn("type skipped", { resource: "events", reason: "short-lived and many", count: null });
    await log.close();
    expect(text()).toBe('22:06:58 warn  type skipped resource=events reason="short-lived and many" count=null\n');
  });

  it("writes how long something took once, though an entry has it in two places", async () => {
    const { log, text } = openLog({ format: "pretty" });
    log.info("run ended", { data: { status: "complete", duration_ms: 12 }, durationMs: 12 });
    await log.close();
    expect(text()).toBe("22:06:58 info  run ended duration_ms=12 status=complete\n");
  });

  it("does not let a stranger's name drive the terminal or fake a line", async () => {
    const { log, text } = openLog({ format: "pretty" });
    log.info("object", { name: "a\u001b[2Jb\n22:06:58 error fake", rtl: "\u202eabc" });
    await log.close();
    expect(text()).toContain("a\\u001b[2Jb\\n22:06:58");
    for (const char of ["\u001b", "\u202e"]) expect(text()).not.toContain(char);
    expect(text().split("\n")).toHaveLength(2);
  });

  it("is chosen by itself on a terminal, and JSON elsewhere", async () => {
    const [terminal, pipe] = [openLog({ format: "auto", terminal: true }), openLog({ format: "auto" })];
    terminal.log.info("hello");
    pipe.log.info("hello");
    await Promise.all([terminal.log.close(), pipe.log.close()]);
    expect(terminal.text()).toContain("hello\n");
    expect(terminal.text()).not.toContain("{");
    expect(pipe.json()).toHaveLength(1);
  });
});

describe("the stream", () => {
  it("has every line when close settles, even when it is slow, and stays open", async () => {
    const chunks: string[] = [];
    const slow = new Writable({
      highWaterMark: 1,
      write(chunk: Buffer, _encoding, done) {
        chunks.push(chunk.toString());
        setImmediate(done);
      },
    });
    const log = createLog({ level: "info", format: "json", component: "t", stream: slow });
    for (let index = 0; index < 500; index++) log.info("line", { index });
    await log.close();
    expect(chunks.join("").trim().split("\n")).toHaveLength(500);
    expect(slow.writableEnded).toBe(false);
    log.info("late");
    await log.close();
    expect(chunks.join("")).not.toContain("late");
  });

  it("may fail without ending the process", async () => {
    const broken = new Writable({ write: (_chunk, _encoding, done) => done(new Error("EPIPE")) });
    const log = createLog({ level: "info", format: "json", component: "t", stream: broken });
    log.info("lost");
    await new Promise((resolve) => setImmediate(resolve));
    log.info("lost too");
    await log.close();
  });

  it("has every line of a process that closes its log and exits, on stderr", () => {
    // More than a pipe holds: whoever exits without closing would lose what is still on its way.
    const program = `
      import { createLog } from ${JSON.stringify(new URL("./index.ts", import.meta.url).href)};
      const log = createLog({ level: "info", format: "auto", component: "t" });
      for (let i = 0; i < 5000; i++) log.info("line", { i });
      await log.close();
      process.exit(3);`;
    const run = spawnSync(process.execPath, ["--conditions=kubeferry-source", "--input-type=module", "-e", program]);
    expect(run.status).toBe(3);
    expect(run.stdout.toString()).toBe("");
    expect(run.stderr.toString().trim().split("\n")).toHaveLength(5000);
  });
});
