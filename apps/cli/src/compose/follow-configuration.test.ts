import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type LogFields, silentLog } from "@kubeferry/model";
import { type LoadedConfig, loadConfig } from "@kubeferry/shared-config";
import { afterEach, describe, expect, it } from "vitest";
import { mountedFolder } from "../testing/mounted-folder.ts";
import { freshFolder } from "../testing/workspace.ts";
import { type FollowedConfiguration, followConfiguration } from "./follow-configuration.ts";

/** What is used of a configuration here. */
type Used = Pick<LoadedConfig["config"], "batchSize"> & { readonly key: string | undefined };

describe("a configuration that is followed", () => {
  const open: FollowedConfiguration<unknown>[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((followed) => followed.close()));
  });

  async function follow(load: () => Promise<LoadedConfig>) {
    const said: { level: string; fields: LogFields }[] = [];
    const note =
      (level: string) =>
      (_: string, fields: LogFields = {}) =>
        void said.push({ level, fields });
    const log = { ...silentLog, info: note("info"), warn: note("warn"), error: note("error") };
    const readings = { count: 0 };
    const use = ({ config }: LoadedConfig): Used => {
      if (config.batchSize === 13) throw new Error("13 cannot be used");
      return { batchSize: config.batchSize, key: config.webhook.keys[0]?.reveal() };
    };
    const counted = (): Promise<LoadedConfig> => {
      readings.count++;
      return load();
    };
    const following = { load: counted, use, untilRestart: ["log", "metrics.port"], everyMs: 2 };
    const followed = followConfiguration(await load(), following, { signal: new AbortController().signal, log });
    open.push(followed);
    /** Whatever changed before is seen by then. */
    const seen = async (): Promise<void> => {
      const until = readings.count + 4;
      while (readings.count < until) await new Promise((resolve) => setTimeout(resolve, 2));
    };
    return { followed, said, seen };
  }

  async function fileWith(sections: object): Promise<{ path: string; write(next: object | string): Promise<void> }> {
    const path = join(await freshFolder(), "kubeferry.yaml");
    const write = (next: object | string) => writeFile(path, typeof next === "string" ? next : JSON.stringify(next));
    await write(sections);
    return { path, write };
  }

  const STORE = { store: { type: "folder", path: "/tmp/none" } };

  it("is used as a whole once it changed, and says which keys did", async () => {
    const file = await fileWith(STORE);
    const { followed, said, seen } = await follow(() => loadConfig({ files: [file.path], env: {} }));
    expect(followed.current().batchSize).toBe(50);
    await file.write({ ...STORE, batchSize: 7 });
    await seen();
    expect(followed.current().batchSize).toBe(7);
    expect(said).toEqual([
      { level: "info", fields: { operation: "config_reload", data: { changed: ["batchSize"], restart: [] } } },
    ]);
  });

  it("is kept when the new one cannot be used, which is said once", async () => {
    const file = await fileWith({ ...STORE, batchSize: 7 });
    const { followed, said, seen } = await follow(() => loadConfig({ files: [file.path], env: {} }));
    for (const bad of ["{ not closed", { ...STORE, batchSize: 0 }, { ...STORE, batchSize: 13 }]) {
      await file.write(bad);
      await seen();
      await seen();
      expect(followed.current().batchSize).toBe(7);
    }
    expect(said.map(({ level, fields }) => [level, fields.operation])).toEqual([
      ["error", "config_reload"],
      ["error", "config_reload"],
      ["error", "config_reload"],
    ]);
    expect(String(said[1]?.fields.error)).toContain("batchSize");
    await file.write({ ...STORE, batchSize: 8 });
    await seen();
    expect(followed.current().batchSize).toBe(8);
  });

  it("takes a mounted Secret that the kubelet replaced", async () => {
    const keys = ["A", "B"].map((letter) => `whsec_${letter.repeat(32)}`) as [string, string];
    const mounted = await mountedFolder({ key: keys[0] });
    const file = await fileWith({ ...STORE, webhook: { keys: [`\${file:${mounted.path}/key}`] } });
    const { followed, said, seen } = await follow(() => loadConfig({ files: [file.path], env: {} }));
    expect(followed.current().key).toBe(keys[0]);
    await mounted.swap({ key: keys[1] });
    await seen();
    expect(followed.current().key).toBe(keys[1]);
    expect(said.map(({ fields }) => fields.data)).toEqual([{ changed: ["webhook.keys"], restart: [] }]);
  });

  it("does not take what only one reading saw: a file that was read while it was written", async () => {
    const [whole, torn] = await Promise.all(
      [{ ...STORE, batchSize: 7 }, STORE].map(async (sections) =>
        loadConfig({ files: [(await fileWith(sections)).path], env: {} }),
      ),
    );
    const answers = [whole, torn, whole, torn, whole, torn];
    const { followed, said, seen } = await follow(async () => (answers.shift() ?? whole) as LoadedConfig);
    await seen();
    await seen();
    expect([followed.current().batchSize, said]).toEqual([7, []]);
  });

  it("names what counts only from the next start on", async () => {
    const file = await fileWith(STORE);
    const { said, seen } = await follow(() => loadConfig({ files: [file.path], env: {} }));
    await file.write({ ...STORE, log: { level: "debug" }, metrics: { port: 9_999 }, batchSize: 9 });
    await seen();
    const data = { changed: ["metrics.port", "log.level", "batchSize"], restart: ["metrics.port", "log.level"] };
    expect(said).toEqual([{ level: "warn", fields: { operation: "config_reload", data } }]);
  });
});
