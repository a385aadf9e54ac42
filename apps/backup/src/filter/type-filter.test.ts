import type { BackupConfig } from "@kubeferry/shared-config";
import { describe, expect, it } from "vitest";
import { filterOf } from "../testing/filter-of.ts";
import { reasonText } from "./reason.ts";
import { createTypeFilter } from "./type-filter.ts";

const deployments = { group: "apps", resource: "deployments", kind: "Deployment" };
const pods = { group: "", resource: "pods", kind: "Pod" };
const events = { group: "", resource: "events", kind: "Event" };
const newEvents = { group: "events.k8s.io", resource: "events", kind: "Event" };
const secrets = { group: "", resource: "secrets", kind: "Secret" };
const routes = { group: "route.openshift.io", resource: "routes", kind: "Route" };
const widgets = { group: "example.com", resource: "widgets", kind: "Widget" };

/** What the text of `backup.filter` decides about a type, as one line. */
async function decided(
  text: string,
  type: typeof pods,
  more: Partial<Pick<BackupConfig, "secrets">> = {},
): Promise<string> {
  const verdict = createTypeFilter({ ...(await filterOf(text)), ...more }).verdict(type);
  return `${verdict.taken ? "taken" : "left out"}, ${reasonText(verdict)}`;
}

describe("the truth table of modes", () => {
  // Rows: is the type in an include list, is it in an exclude list, are the include lists empty.
  it.each([
    ["blacklist", "neither", "taken, by_default"],
    ["blacklist", "included", "taken, by_default"],
    ["blacklist", "excluded", "left out, excluded_by_blacklist: backup.filter.resources.exclude has pods"],
    ["blacklist", "both", "left out, excluded_by_blacklist: backup.filter.resources.exclude has pods"],
    ["blacklist", "others included", "taken, by_default"],
    ["whitelist", "neither", "taken, by_default"],
    ["whitelist", "included", "taken, included: backup.filter.resources.include has pods"],
    ["whitelist", "excluded", "left out, excluded_by_blacklist: backup.filter.resources.exclude has pods"],
    ["whitelist", "both", "left out, excluded_by_blacklist: backup.filter.resources.exclude has pods"],
    ["whitelist", "others included", "left out, not_in_whitelist: no list of mode whitelist has it"],
    ["hybrid", "neither", "taken, by_default"],
    ["hybrid", "included", "taken, included: backup.filter.resources.include has pods"],
    ["hybrid", "excluded", "left out, excluded_by_blacklist: backup.filter.resources.exclude has pods"],
    ["hybrid", "both", "left out, excluded_by_blacklist: backup.filter.resources.exclude has pods"],
    ["hybrid", "others included", "left out, not_in_whitelist: no list of mode hybrid has it"],
  ])("%s, %s: %s", async (mode, lists, expected) => {
    const include =
      lists === "included" || lists === "both" ? "[pods]" : lists === "others included" ? "[services]" : "[]";
    const exclude = lists === "excluded" || lists === "both" ? "[pods]" : "[]";
    const text = `{ mode: ${mode}, resources: { include: ${include}, exclude: ${exclude} } }`;
    expect(await decided(text, pods)).toBe(expected);
  });
});

describe("entries of the lists", () => {
  it.each([
    ["deployments", deployments, true],
    ["Deployment", deployments, true],
    ["deployments.apps", deployments, true],
    ["Deployment.apps", deployments, true],
    ["deployments.core", deployments, false],
    ["deployments.example.com", deployments, false],
    ["pods.core", pods, true],
    ["routes.route.openshift.io", routes, true],
    ["*.openshift.io", routes, true],
    ["deploy*", deployments, true],
    ["/^(deployments|pods)$/", pods, true],
    ["Pod*", pods, true],
    // A glob stands for names of types, not for kinds: `*t` is not meant to take Deployments.
    ["*t", deployments, false],
  ])("%s names a type or not", async (entry, type, named) => {
    const verdict = await decided(`{ mode: whitelist, resources: { include: ["${entry}"] } }`, type);
    expect(verdict.startsWith("taken")).toBe(named);
  });

  it("name groups, core by its word, and kinds in any case", async () => {
    expect(await decided("{ groups: { exclude: [core] } }", pods)).toContain("groups.exclude has core");
    expect(await decided("{ groups: { exclude: ['*.openshift.io'] } }", routes)).toContain("excluded_by_blacklist");
    expect(await decided("{ kinds: { exclude: [deployment] } }", deployments)).toContain(
      "kinds.exclude has deployment",
    );
  });

  it("add up: a type is included as soon as one list names it", async () => {
    const text =
      "{ mode: hybrid, resources: { include: [pods] }, groups: { include: [apps] }, crds: [widgets.example.com] }";
    for (const type of [pods, deployments, widgets]) expect(await decided(text, type)).toMatch(/^taken, included/);
    expect(await decided(text, routes)).toMatch(/^left out, not_in_whitelist/);
  });
});

describe("what stands above the lists, and below", () => {
  it("takes no Secrets when they are omitted, whoever asks for them", async () => {
    const text = "{ mode: whitelist, resources: { include: [secrets] }, overrides: { secrets: { take: true } } }";
    expect(await decided(text, secrets, { secrets: "omit" })).toBe("left out, secrets_omitted: backup.secrets is omit");
  });

  it.each([
    ["withhold", "left out, secrets_omitted: its objects are credentials, and backup.secrets is withhold"],
    ["omit", "left out, secrets_omitted: backup.secrets is omit"],
    ["encrypt", "taken, taken_by_override: backup.filter.overrides.oauthclients.take is true"],
    ["plain", "taken, taken_by_override: backup.filter.overrides.oauthclients.take is true"],
  ] as const)("with %s, a type whose objects are credentials as a whole: %s", async (mode, expected) => {
    const clients = { group: "oauth.openshift.io", resource: "oauthclients", kind: "OAuthClient" };
    expect(await decided("{ overrides: { oauthclients: { take: true } } }", clients, { secrets: mode })).toBe(expected);
    expect((await decided("{}", clients, { secrets: mode })).startsWith("taken")).toBe(expected.startsWith("taken"));
  });

  it("lets an override take or leave out a type, whatever the lists say", async () => {
    const text = "{ resources: { exclude: [pods] }, overrides: { pods: { take: true }, Widget: { take: false } } }";
    expect(await decided(text, pods)).toBe("taken, taken_by_override: backup.filter.overrides.pods.take is true");
    expect(await decided(text, widgets)).toMatch(/^left out, excluded_by_override/);
  });

  it("leaves out what is no state, unless its full name is asked for", async () => {
    expect(await decided("{}", events)).toBe("left out, skipped_by_default: a log that expires by itself");
    expect(await decided("{ alsoTake: [events] }", events)).toMatch(/^taken, also_taken/);
    expect(await decided("{ mode: whitelist, resources: { include: [events] } }", events)).toMatch(/^taken, included/);
    expect(await decided("{ mode: whitelist, resources: { include: ['e*'] } }", events)).toMatch(/skipped_by_default/);
  });

  it("takes Events once: the same objects are served by two groups", async () => {
    expect(await decided("{ alsoTake: [events] }", newEvents)).toMatch(/skipped_by_default/);
    expect(await decided("{ mode: whitelist, resources: { include: [events] } }", newEvents)).toMatch(
      /skipped_by_default/,
    );
  });

  it.each([
    ["{}", "taken"],
    ["{ openShift: enabled }", "taken"],
    ["{ openShift: disabled }", "left out, openshift_disabled: backup.filter.openShift is disabled"],
    ["{ openShiftResources: false }", "left out, openshift_disabled: backup.filter.openShiftResources is false"],
    ["{ openShift: disabled, overrides: { routes: { take: true } } }", "taken"],
  ])("%s: Routes are %s", async (text, expected) => {
    expect(await decided(text, routes)).toMatch(new RegExp(`^${expected}`));
  });
});

describe("entries that do nothing", () => {
  const idle = async (filter: string) => createTypeFilter(await filterOf(filter)).idle([pods, deployments]);

  it("are named, with their key", async () => {
    expect(
      await idle(
        "{ mode: hybrid, resources: { include: [pods, deplyments], exclude: ['x*'] }, priorities: { po: 1 } }",
      ),
    ).toEqual([
      'backup.filter.resources.include: "deplyments" fits no type that the API server serves',
      'backup.filter.resources.exclude: "x*" fits no type that the API server serves',
      'backup.filter.priorities: "po" fits no type that the API server serves',
    ]);
  });

  it("are named as a list when the mode does not look at it", async () => {
    expect(await idle("{ mode: blacklist, resources: { include: [pods] } }")).toEqual([
      "backup.filter.resources.include is not looked at in mode blacklist",
    ]);
  });

  it("are none in a filter that says nothing", async () => {
    expect(await idle("{}")).toEqual([]);
  });
});
