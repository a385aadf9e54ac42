import { describe, expect, it } from "vitest";
import { loadTexts, problemsOfTexts } from "../testing/load-yaml.ts";

const FOLDER = "store: { type: folder, path: /backups }\n";

async function layoutOf(text: string) {
  return (await loadTexts([`${FOLDER}layout: ${text}\n`])).config.layout;
}

describe("the layout of the bucket", () => {
  it.each([
    ["{}", "{domain}/{cluster}", "{namespace}/{resource}/{name}"],
    ["{ preset: clusterbackup }", "clusterbackup/{cluster}", "{namespace}/{resource}/{name}"],
    ["{ preset: cluster }", "{cluster}", "{namespace}/{resource}/{name}"],
    ["{ preset: domain-kind }", "{domain}/{cluster}", "{namespace}/{kind}/{name}"],
    ['{ preset: cluster, key: "objects/{kind}/{namespace}/{name}" }', "{cluster}", "objects/{kind}/{namespace}/{name}"],
    ['{ root: "backups/{cluster}" }', "backups/{cluster}", "{namespace}/{resource}/{name}"],
  ])("%s means %s and %s", async (text, root, key) => {
    expect(await layoutOf(text)).toEqual({ root, key });
  });

  it.each([
    ['root: "{domain}"', "layout.root: expected {cluster} in it: clusters would share a root [a.yaml:2]"],
    ['root: "../{cluster}"', 'layout.root: expected names or {domain}, {cluster} between slashes, got ".." [a.yaml:2]'],
    ['root: "/{cluster}"', 'layout.root: expected names or {domain}, {cluster} between slashes, got "" [a.yaml:2]'],
    ['root: "{cluster}/{cluster}"', "layout.root: has {cluster} twice [a.yaml:2]"],
    ['key: "{resource}/{name}"', "layout.key: expected {namespace} in it: objects would share a file [a.yaml:2]"],
    [
      'key: "{namespace}/{name}"',
      "layout.key: expected {resource} or {kind} in it: objects would share a file [a.yaml:2]",
    ],
    [
      'key: "_snapshots/{namespace}/{resource}/{name}"',
      'layout.key: expected names or {namespace}, {resource}, {kind}, {name} between slashes, got "_snapshots" [a.yaml:2]',
    ],
    [
      'key: "{namespace}/{resource}-{name}"',
      'layout.key: expected names or {namespace}, {resource}, {kind}, {name} between slashes, got "{resource}-{name}" [a.yaml:2]',
    ],
  ])("%s is refused", async (text, problem) => {
    expect(await problemsOfTexts([`${FOLDER}layout: { ${text} }\n`])).toContain(problem);
  });
});
