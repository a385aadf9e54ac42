import { type Call, silentLog } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { logNoStore } from "./run-log.ts";

const STORE = { description: "folder /backups", config: { type: "folder", path: "/backups", prefix: "" } } as const;

describe("a store that could not be prepared", () => {
  it("is an error of the log, unless the run was told to stop meanwhile", () => {
    const stop = new AbortController();
    const said: (string | undefined)[] = [];
    const call: Call = {
      signal: stop.signal,
      log: { ...silentLog, error: (_message, fields) => void said.push(fields?.operation) },
    };
    logNoStore(STORE, new Error("refused"), call);
    stop.abort();
    logNoStore(STORE, new Error("aborted"), call);
    expect(said).toEqual(["minio_connect"]);
  });
});
