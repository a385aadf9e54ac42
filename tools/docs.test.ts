import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const PAGES = globSync(
  ["*.md", "docs/**/*.md", "{packages,apps}/*/README.md", "testbed/README.md", "examples/**/*.md", "charts/**/*.md"],
  { cwd: ROOT },
);

describe("documents and examples", () => {
  it.each(PAGES)("%s has no link that leads nowhere", (page) => {
    const links = [...readFileSync(join(ROOT, page), "utf8").matchAll(/\]\(([^)#\s]+)/g)].map(
      (match) => match[1] ?? "",
    );
    const broken = links.filter((link) => !/^[a-z]+:/.test(link) && !existsSync(join(ROOT, dirname(page), link)));
    expect(broken).toEqual([]);
  });

  it.each(PAGES)("%s has no marks that a merge left behind", (page) => {
    expect(readFileSync(join(ROOT, page), "utf8")).not.toMatch(/^(<{7}|>{7}) /m);
  });

  it("every page of docs/ is reached from its index", () => {
    const indexes = ["docs/README.md", "docs/adr/README.md", "docs/runbooks/README.md"];
    const index = indexes.map((page) => readFileSync(join(ROOT, page), "utf8")).join("\n");
    const pages = globSync("docs/**/*.md", { cwd: ROOT }).filter((page) => !page.endsWith("README.md"));
    expect(
      pages.filter(
        (page) =>
          !index.includes(`(${page.split("/").slice(-1)})`) && !index.includes(`(${page.slice("docs/".length)})`),
      ),
    ).toEqual([]);
  });

  it("every package and app has a README", () => {
    const folders = globSync("{packages,apps}/*/package.json", { cwd: ROOT }).map(dirname);
    expect(folders.filter((folder) => !existsSync(join(ROOT, folder, "README.md")))).toEqual([]);
  });
});
