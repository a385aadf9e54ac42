import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { testCall } from "@kubeferry/test-fleet";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fileName } from "../../folders/file-name.ts";
import { clustersShape } from "../../shape/clusters-shape.ts";
import { namespacesShape } from "../../shape/namespaces-shape.ts";
import { folderFiles } from "./folder-files.ts";
import { parseFile } from "./parse-file.ts";
import type { TreeFile, TreeFiles } from "./tree-files.ts";
import { indexTree } from "./tree-index.ts";
import { openTree } from "./tree-source.ts";

const execute = promisify(execFile);
const CLUSTER = { domain: "crc.testing", name: "wrl62" };

function inMemory(files: Readonly<Record<string, string | Uint8Array>>): TreeFiles {
  return {
    place: "tree in memory",
    async *list() {
      for (const [path, content] of Object.entries(files)) yield memoryFile(path, content);
    },
  };
}

function memoryFile(path: string, content: string | Uint8Array): TreeFile {
  return { path, read: async () => Buffer.from(content as string) };
}

const named = (name: unknown, space: unknown = "shop", kind: unknown = "ConfigMap", apiVersion: unknown = "v1") =>
  JSON.stringify({ apiVersion, kind, metadata: { name, namespace: space } });

describe("a file of a hostile tree", () => {
  const bomb = [
    "a: &a [x, x, x, x, x, x, x, x, x]",
    ...Array.from("bcdefghij", (letter) => {
      const before = String.fromCharCode(letter.charCodeAt(0) - 1);
      return `${letter}: &${letter} [${Array.from({ length: 9 }, () => `*${before}`).join(", ")}]`;
    }),
  ].join("\n");

  it.each([
    ["nested 100,000 deep, as YAML", "x.yaml", `a: ${"[".repeat(100_000)}${"]".repeat(100_000)}`, /no YAML/],
    ["nested 100,000 deep, as JSON", "x.json", `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`, /./],
    ["aliases that expand without measure", "x.yaml", bomb, /aliases expand without measure/],
    ["a key twice", "x.yaml", "apiVersion: v1\nkind: A\nkind: B\n", /no YAML \(.*DUPLICATE_KEY at line 3/],
    ["broken UTF-8", "x.yaml", Buffer.from([0x61, 0x3a, 0xff, 0xfe]), /not UTF-8/],
    ["UTF-16", "x.yaml", Buffer.from("\uFEFFkind: A", "utf16le"), /not UTF-8/],
    ["nothing", "x.yaml", "", /holds no object/],
    ["nothing, as JSON", "x.json", "\n", /holds no object/],
    ["comments only", "x.yml", "# nothing\n---\n# here\n", /holds no object/],
    ["a tab where YAML takes none", "x.yaml", "a:\n\tb: c\n", /no YAML/],
    ["a document above the limit", "x.yaml", `a: ${"x".repeat(4_000_001)}`, /more than 4000000 characters/],
    ["text that is no JSON", "x.json", "{", /no JSON/],
  ])("with %s is reported", async (_, path, content, reason) => {
    const { files, unusable } = await indexTree(inMemory({ [path]: content }), testCall);
    const problems = [
      ...unusable.map((each) => each.reason),
      ...files.flatMap(({ objects }) => objects.map((each) => each.problem)),
    ];
    expect(problems.join()).toMatch(reason);
    expect(files.flatMap(({ objects }) => objects).every(({ problem }) => problem !== undefined)).toBe(true);
  });

  it.each([
    ["climbs out", named("..")],
    ["holds a slash", named("../../etc/passwd")],
    ["holds NUL", named("a\0b")],
    ["holds a line feed", named("a\nb")],
    ["has 300 characters", named("a".repeat(300))],
    ["is no text", named(7)],
    ["is empty", named("")],
  ])("whose object's name %s is reported", async (_, text) => {
    expect(await indexTree(inMemory({ "x.json": text }), testCall)).toMatchObject({
      files: [],
      unusable: [{ object: "file x.json" }],
    });
  });

  it.each([
    ["namespace climbs out", named("a", "..")],
    ["namespace holds a slash", named("a", "shop/../../x")],
    ["namespace is no text", named("a", ["shop"])],
    ["kind climbs out", named("a", "shop", "../../Kind")],
    ["group climbs out", named("a", "shop", "Widget", "../../x/v1")],
    ["type is missing", JSON.stringify({ metadata: { name: "a" } })],
    ["metadata is a text", JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: "a" })],
  ])("whose object's %s is reported", async (_, text) => {
    expect(await indexTree(inMemory({ "x.json": text }), testCall)).toMatchObject({
      files: [],
      unusable: [{ object: "file x.json" }],
    });
  });

  it("with a byte order mark, anchors, a merge key or a tag is read as YAML means it", () => {
    const text = "\uFEFFapiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: &d {x: !!str 1}\nmore: *d\n";
    expect(parseFile("x.yaml", Buffer.from(text))).toEqual([
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data: { x: "1" }, more: { x: "1" } },
    ]);
  });

  it("never makes anything fail, whatever its bytes are", { timeout: 60_000 }, async () => {
    const piece = fc.constantFrom(
      "apiVersion: v1\n",
      "kind: List\n",
      "items:\n",
      "- ",
      "  ",
      "metadata:\n",
      "name: a\n",
      "---\n",
      "&a ",
      "*a",
      "<<: ",
      "!!map ",
      "{",
      "}",
      "[",
      "]",
      "|\n",
      "\t",
      "\0",
      "\u2028",
      "\r",
      '"',
      "'",
      "# ",
      "%YAML 1.2\n",
      "? ",
      ": ",
      "__proto__: ",
      "constructor: ",
    );
    const text = fc.oneof(
      fc.array(piece, { maxLength: 25 }).map((all) => all.join("")),
      fc.json(),
      fc.string({ unit: "binary" }),
    );
    const path = fc.constantFrom("a.yaml", "b.json", "c.yml");
    await fc.assert(
      fc.asyncProperty(path, text, async (name, content) => {
        const { files, unusable } = await indexTree(inMemory({ [name]: content }), testCall);
        expect(files.length + unusable.length).toBeGreaterThan(0);
      }),
      { numRuns: 600 },
    );
  });

  it("lies inside the repository's folders, whatever its objects are called", () => {
    const name = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom("..", ".git", "CON", "aux", "a/b", "a\\b", "Web", "web", "ｗeb", "wеb", "a\u202Eb"),
    );
    fc.assert(
      fc.property(name, fc.constantFrom("ConfigMap", "Role"), (each, kind) => {
        const file = fileName({ group: "", resource: `${kind.toLowerCase()}s`, kind, namespace: "shop", name: each });
        for (const shape of [namespacesShape, clustersShape]) {
          const place = shape.place("namespaces/shop", `prod/${file}`);
          expect(place).toMatch(/^(namespaces|clusters)\/([a-z_-]+\/)+[a-z0-9_][A-Za-z0-9._%~-]*$/);
          expect(place.split("/").every((step) => step.length <= 255)).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe("a hostile folder", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "kubeferry-hostile-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("is read without following links, waiting at pipes or looking into .git", { timeout: 20_000 }, async () => {
    await writeFile(join(folder, "good.json"), named("good"));
    await symlink("/etc/passwd", join(folder, "link.yaml"));
    await symlink("/", join(folder, "root"));
    await symlink(".", join(folder, "circle"));
    await execute("mkfifo", [join(folder, "pipe.yaml")]);
    await mkdir(join(folder, ".git"));
    await writeFile(join(folder, ".git", "config.yaml"), named("hidden"));
    await mkdir(join(folder, Array.from({ length: 40 }, () => "d").join("/")), { recursive: true });
    await writeFile(join(folder, "new\nline.yaml"), "a: [");
    const { files, unusable } = await indexTree(folderFiles(folder, "here"), testCall);
    expect(files.map(({ file }) => file.path)).toEqual(["good.json"]);
    expect(
      unusable.map(({ object, reason }) => `${object.replace(/(\/d)+$/, "/…")}: ${reason.split(" (", 1)[0]}`),
    ).toEqual([
      "file circle: it is a symbolic link, and those are not followed",
      "file d/…: it is a folder more than 32 levels deep",
      "file link.yaml: it is a symbolic link, and those are not followed",
      "file new?line.yaml: it is no YAML",
      "file pipe.yaml: it is no plain file",
      "file root: it is a symbolic link, and those are not followed",
    ]);
  });

  it("with a file of 60 MB reads the others, and not that one", { timeout: 20_000 }, async () => {
    await writeFile(join(folder, "good.json"), named("good"));
    await writeFile(join(folder, "large.yaml"), Buffer.alloc(60_000_000, 0x61));
    const before = process.memoryUsage.rss();
    const { files, unusable } = await indexTree(folderFiles(folder, "here"), testCall);
    expect(files).toHaveLength(1);
    expect(unusable).toEqual([{ object: "file large.yaml", reason: "it is larger than 50000000 bytes" }]);
    expect(process.memoryUsage.rss() - before).toBeLessThan(50_000_000);
  });

  it("that changes while it is read stops the run", async () => {
    const path = join(folder, "a.json");
    await writeFile(path, named("a"));
    const source = await openTree(folderFiles(folder, "here"), CLUSTER, testCall);
    await writeFile(path, named("b"));
    const reading = source
      .objects(() => true, testCall)
      [Symbol.asyncIterator]()
      .next();
    await expect(reading).rejects.toMatchObject({ kind: "damaged" });
  });
});

describe("a tree of 10,000 files", () => {
  it("is read with a line of memory an object", { timeout: 120_000 }, async () => {
    const tree: TreeFiles = {
      place: "tree in memory",
      async *list() {
        for (let number = 0; number < 10_000; number++) {
          const filler = "x".repeat(8_000);
          const object = {
            apiVersion: "v1",
            kind: "ConfigMap",
            metadata: { name: `n${number}`, namespace: "shop" },
            data: { filler },
          };
          yield { path: `shop/configmaps/n${number}.json`, read: async () => Buffer.from(JSON.stringify(object)) };
        }
      },
    };
    const source = await openTree(tree, CLUSTER, testCall);
    let objects = 0;
    for await (const _ of source.objects(() => true, testCall)) objects++;
    expect(objects).toBe(10_000);
  });
});
