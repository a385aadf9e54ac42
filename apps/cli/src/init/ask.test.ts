import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { collectAnswers, type InitArguments } from "./answers.ts";
import { askOn } from "./ask.ts";

/** Answers each question as it comes up. */
async function answered(lines: readonly string[], flags: Partial<InitArguments> = {}) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const waiting = [...lines];
  const asked: string[] = [];
  output.on("data", (chunk: Buffer) => {
    if (!chunk.toString().endsWith(": ")) return;
    asked.push(chunk.toString());
    const line = waiting.shift();
    if (line === undefined) input.end();
    else input.write(`${line}\n`);
  });
  const ask = askOn(input, output);
  try {
    const answers = await collectAnswers({ output: "kubeferry.yaml", yes: false, ...flags }, ask);
    return { answers, asked };
  } finally {
    ask.close();
  }
}

describe("the questions of init", () => {
  it("take what is typed, the beginning of a word too", async () => {
    const { answers } = await answered(["s3", "https://minio.example.com", "east-backups", "east", "withhold", "y"]);
    expect(answers).toEqual({
      store: { type: "s3", endpoint: "https://minio.example.com", bucket: "east-backups" },
      clusterName: "east",
      clusterDomain: "",
      secrets: "withhold",
      signing: true,
      webhook: false,
    });
  });

  it("take their defaults for empty lines", async () => {
    const { answers } = await answered(["", "", "", "", ""]);
    expect(answers).toEqual({
      store: { type: "folder", path: "./store" },
      clusterName: "",
      clusterDomain: "",
      secrets: "encrypt",
      signing: false,
      webhook: false,
    });
  });

  it("are asked again after an answer that is none", async () => {
    const { answers, asked } = await answered(["tape", "folder", "/backups", "", "", ""]);
    expect(answers.store).toEqual({ type: "folder", path: "/backups" });
    expect(asked.filter((question) => question.startsWith("Where snapshots go"))).toHaveLength(2);
  });

  it("are not asked where a flag has said it", async () => {
    const flags = {
      bucket: "b-1",
      endpoint: "https://a",
      clusterName: "east",
      secrets: "omit",
      signing: false,
    } as const;
    expect(await answered([], flags)).toMatchObject({ asked: [], answers: { store: { type: "s3" }, secrets: "omit" } });
  });

  it("left without an answer stop it", async () => {
    await expect(answered(["folder"])).rejects.toThrow(
      "init: ask what to configure: stopped: there were no more answers, and nothing was written",
    );
  });
});
