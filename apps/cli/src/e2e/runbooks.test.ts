import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { kubeferry } from "../testing/cli.ts";

const DOCS = join(import.meta.dirname, "../../../../docs");

describe("commands of the runbooks", () => {
  it("are there, with their options", { timeout: 120_000 }, async () => {
    const commands = Map.groupBy(await readCommands(), ({ words }) => words.join(" "));
    const missing: string[] = [];
    for (const [name, uses] of commands) {
      const { stdout } = await kubeferry([...name.split(" "), "--help"]);
      // A word that is no command is an argument to the one before it, and that one says so in its first line.
      if (!stdout.startsWith(`kubeferry ${name}`)) missing.push(name);
      const options = uses.flatMap((use) => use.options).filter((option) => !new RegExp(`${option}\\b`).test(stdout));
      missing.push(...options.map((option) => `${name} ${option}`));
    }
    expect(missing).toEqual([]);
    expect([...commands.keys()]).toContain("snapshots list");
  });
});

interface Command {
  /** "restore plan", one word each. */
  readonly words: readonly string[];
  /** "--dry-run", "-n" */
  readonly options: readonly string[];
}

/** `kubeferry …` of code blocks, and of code within lines. */
async function readCommands(): Promise<readonly Command[]> {
  const pages = globSync(["runbooks/*.md", "slo.md"], { cwd: DOCS });
  const texts = await Promise.all(pages.map((page) => readFile(join(DOCS, page), "utf8")));
  const lines = texts.flatMap((text) => text.match(/(?<=^|`)kubeferry [a-z][^`|\n]*/gm) ?? []);
  return lines.map((line) => {
    const [, ...tokens] = line.trim().split(/\s+/);
    const end = tokens.findIndex((token) => !/^[a-z]+$/.test(token));
    return {
      words: (end === -1 ? tokens : tokens.slice(0, end)).filter((word) => word !== "latest"),
      options: tokens.filter((token) => token.startsWith("-")),
    };
  });
}
