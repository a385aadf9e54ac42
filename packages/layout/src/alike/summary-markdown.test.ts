import type { Likeness } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { summaryMarkdown } from "./summary-markdown.ts";

const LIKENESS: Likeness = {
  environments: [
    { name: "dev", source: "example.internal/dev" },
    { name: "prod", source: "example.internal/prod" },
  ],
  folders: [
    {
      folder: "namespaces/shop",
      environments: ["dev", "prod"],
      objects: 14,
      equal: 9,
      different: 4,
      byParameters: 2,
      onlyInSome: [{ object: "Deployment shop/debug", environments: ["dev"], unprovenIn: [] }],
    },
    {
      folder: "namespaces/team",
      environments: ["prod"],
      objects: 1,
      equal: 0,
      different: 0,
      byParameters: 0,
      onlyInSome: [],
    },
  ],
  parameters: [
    {
      name: "host",
      configured: false,
      values: { dev: "dev.example.com", prod: "example.com" },
      places: 12,
      objects: 3,
      partly: 1,
    },
  ],
  differences: [
    {
      folder: "namespaces/shop",
      object: "Deployment shop/web",
      places: 3,
      paths: ["/spec/replicas", "/spec/template/spec/containers/web/image"],
    },
    { folder: "namespaces/shop", object: "ConfigMap shop/db", places: 1, paths: [] },
  ],
};

describe("a summary in Markdown", () => {
  it("is tables of folders and parameters, and what differs most", () => {
    expect(summaryMarkdown(LIKENESS, { lines: 10 })).toBe(`| objects of | in | equal | different | only in some |
|---|---|--:|--:|--:|
| \`namespaces/shop\` | \`dev\` \`prod\` | 9 | 4 (2 by names alone) | 1 |
| \`namespaces/team\` | \`prod\` | | | all 1 |

**The same under another name**

| | \`dev\` | \`prod\` | explains |
|---|---|---|---|
| \`host\` | \`dev.example.com\` | \`example.com\` | 12 places in 3 objects, and part of 1 more |

**Different in most places**, names apart

- \`Deployment shop/web\`, 3 places: \`/spec/replicas\`, \`/spec/template/spec/containers/web/image\`, …
- \`ConfigMap shop/db\`, 1 place

**Only in some**

- \`Deployment shop/debug\` only in \`dev\``);
  });

  it("holds at most so many lines of each, and no name breaks out of its cell", () => {
    const [shop] = LIKENESS.folders;
    const [host] = LIKENESS.parameters;
    if (shop === undefined || host === undefined) throw new Error("nothing to repeat");
    const hostile = "`|\n# injected <script>";
    const text = summaryMarkdown(
      {
        ...LIKENESS,
        folders: Array.from({ length: 500 }, (_, index) => ({ ...shop, folder: `namespaces/n${index}` })),
        parameters: Array.from({ length: 500 }, () => ({ ...host, name: hostile, values: { dev: "x".repeat(5_000) } })),
      },
      { lines: 3 },
    );
    expect(text.split("\n").length).toBeLessThan(50);
    expect(text.length).toBeLessThan(4_000);
    expect(text).toContain("… and 497 more folders");
    expect(text).not.toMatch(/^# injected/m);
    expect(text).toContain("`'¦?# injected <script>`");
  });

  it("says plainly that there is nothing to compare", () => {
    const one = { ...LIKENESS, environments: [{ name: "dev", source: "example.internal/dev" }] };
    const same = { name: "prod", source: "example.internal/dev" };
    const empty = { folders: [], parameters: [], differences: [] };
    expect(summaryMarkdown({ ...one, ...empty }, { lines: 3 })).toBe(
      "There is one environment, dev: there is nothing to compare.",
    );
    expect(summaryMarkdown({ ...empty, environments: [...one.environments, same] }, { lines: 3 })).toBe(
      "All environments are made from example.internal/dev: what differs is what the configuration changes.",
    );
  });
});
