import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";

/** Tells on stdout every module that a process loads from the packages of OpenTelemetry. */
const PROGRAM = `
import { registerHooks } from "node:module";
const loaded = new Set();
registerHooks({ load: (url, context, next) => {
  const name = /node_modules\\/(@opentelemetry\\/[^/]+)/.exec(url)?.[1];
  if (name !== undefined) loaded.add(name);
  return next(url, context);
} });
const { openTraces } = await import(process.argv[2]);
const traces = await openTraces(JSON.parse(process.argv[1]), {}, { version: "0" });
traces.start("run").end();
process.stdout.write(JSON.stringify([...loaded].sort()));
process.exit();
`;

const INDEX = new URL("../index.ts", import.meta.url).href;

function loadedWith(settings: object): string[] {
  const options = ["--conditions=kubeferry-source", "--input-type=module", "--eval", PROGRAM];
  const { stdout, stderr } = spawnSync(process.execPath, [...options, JSON.stringify(settings), INDEX], {
    cwd: import.meta.dirname,
    encoding: "utf8",
  });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as string[];
}

describe("the modules of a process", { timeout: 30_000 }, () => {
  it("have nothing of OpenTelemetry while no span is to be sent", () => {
    expect(loadedWith({})).toEqual([]);
  });

  it("have its exporter where spans are to be sent", () => {
    const loaded = loadedWith({ endpoint: "http://127.0.0.1:1" });
    expect(loaded).toEqual(
      expect.arrayContaining(["@opentelemetry/exporter-trace-otlp-http", "@opentelemetry/sdk-trace"]),
    );
  });
});
