import { describe, expect, it } from "vitest";
import { loadTexts, problemsOfTexts } from "../testing/load-yaml.ts";

function gitops(parameters: string, environments = "{ dev: , test: , prod: }"): string {
  const rest = `namespaces: [shop], repository: { url: /r.git }, environments: ${environments}`;
  return `store: { type: folder, path: /backups }\ngitops: { ${rest}, parameters: ${parameters} }\n`;
}

describe("parameters", () => {
  it("are texts by environment, under names of the user's own; some environments may lack one", async () => {
    const text =
      "{ host suffix: { dev: dev.example.com, prod: example.com }, registry: { dev: a.io, test: b.io, prod: c.io } }";
    const { config } = await loadTexts([gitops(text)]);
    expect(config.gitops?.parameters).toEqual({
      "host suffix": { dev: "dev.example.com", prod: "example.com" },
      registry: { dev: "a.io", test: "b.io", prod: "c.io" },
    });
  });

  it.each([
    ["", {}],
    ["{}", {}],
  ])("are none when nothing is written: %j", async (text, expected) => {
    expect((await loadTexts([gitops(text)])).config.gitops?.parameters).toEqual(expected);
  });

  it.each([
    ["{ a: { dev: x, live: y } }", "a.live: no environment is called so; there are dev, test, prod"],
    ["{ a: { dev: x } }", "a: expected a text for at least two environments"],
    ["{ a: { dev: x, prod: x } }", "a: is the same in all environments, so that it explains nothing: drop it"],
    ['{ a: { dev: "", prod: x } }', "a.dev: must not be empty"],
    [
      "{ a: dev.example.com }",
      'a: expected a text for each environment, such as {dev: dev.example.com, prod: example.com}, got "dev.example.com"',
    ],
  ])("of %s are refused", async (text, problem) => {
    const problems = await problemsOfTexts([gitops(text)]);
    expect(problems.map((each) => each.replace(" [a.yaml:2]", ""))).toEqual([`gitops.parameters.${problem}`]);
  });
});
