import { describe, expect, it } from "vitest";
import { type S3Scope, s3Keys } from "./s3-keys.ts";
import { type S3Needs, s3PolicyFor } from "./s3-policy.ts";

const PLACE = {
  bucket: "backups",
  prefix: "",
  layout: { root: "{domain}/{cluster}", key: "{namespace}/{resource}/{name}" },
};
const EAST: S3Scope = { clusters: [{ domain: "company.com", name: "east" }] };
const BACKUP: S3Needs = {
  purpose: "backup",
  mirror: { enabled: true, format: "yaml" },
  prunes: false,
  notifies: false,
};

describe("the policy of a key", () => {
  it("lists below the cluster's prefix and nowhere else", () => {
    const [list] = s3PolicyFor(BACKUP, s3Keys(PLACE, EAST)).Statement;
    expect(list).toEqual({
      Sid: "ListOwnKeys",
      Effect: "Allow",
      Action: ["s3:ListBucket"],
      Resource: ["arn:aws:s3:::backups"],
      Condition: { StringLike: { "s3:prefix": ["company.com/east/*"] } },
    });
  });

  it("removes files of the mirror, and no snapshot where none are pruned", () => {
    expect(removals(BACKUP)).toEqual(["arn:aws:s3:::backups/company.com/east/*.yaml"]);
  });

  it("removes snapshots only where a backup prunes, and can read their locks then", () => {
    expect(removals({ ...BACKUP, prunes: true })).toEqual([
      "arn:aws:s3:::backups/company.com/east/*.yaml",
      "arn:aws:s3:::backups/company.com/east/_snapshots/*",
    ]);
    expect(JSON.stringify(s3PolicyFor({ ...BACKUP, prunes: true }, s3Keys(PLACE, EAST)))).toContain(
      "s3:GetObjectRetention",
    );
  });

  it("removes nothing without a mirror and without pruning", () => {
    expect(removals({ ...BACKUP, mirror: { enabled: false, format: "yaml" } })).toEqual([]);
  });

  it("excepts manifests and markers where mirror files end as they do", () => {
    const json: S3Needs = { ...BACKUP, mirror: { enabled: true, format: "json" } };
    const denied = s3PolicyFor(json, s3Keys(PLACE, EAST)).Statement.filter(({ Effect }) => Effect === "Deny");
    expect(denied.flatMap(({ Resource }) => Resource)).toEqual([
      "arn:aws:s3:::backups/company.com/east/_lease.json",
      "arn:aws:s3:::backups/company.com/east/_mirror.json",
      "arn:aws:s3:::backups/company.com/east/_notifications.json",
      "arn:aws:s3:::backups/company.com/east/_snapshots/*",
    ]);
  });

  it.each(["gitops", "restore"] as const)("for %s reads snapshots and changes nothing", (purpose) => {
    const { Statement } = s3PolicyFor({ ...BACKUP, prunes: true, purpose }, s3Keys(PLACE, EAST));
    expect(Statement.flatMap(({ Action }) => Action)).toEqual(["s3:ListBucket", "s3:GetObject"]);
    expect(Statement[1]?.Resource).toEqual(["arn:aws:s3:::backups/company.com/east/_snapshots/*"]);
  });

  it("for gitops remembers what people were told, where they are told, and writes nothing else", () => {
    const { Statement } = s3PolicyFor({ ...BACKUP, purpose: "gitops", notifies: true }, s3Keys(PLACE, EAST));
    expect(Statement.at(-1)).toEqual({
      Sid: "RememberWhatWasTold",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:PutObject"],
      Resource: ["arn:aws:s3:::backups/_notifications/*", "arn:aws:s3:::backups/company.com/east/_notifications.json"],
    });
    expect(Statement.filter(({ Action }) => Action.includes("s3:PutObject"))).toHaveLength(1);
  });

  it.each(["restore", "prune"] as const)("for %s remembers what people were told of a cluster alone", (purpose) => {
    const { Statement } = s3PolicyFor({ ...BACKUP, purpose, notifies: true }, s3Keys(PLACE, EAST));
    expect(Statement.filter(({ Sid }) => Sid === "RememberWhatWasTold")).toMatchObject([
      { Resource: ["arn:aws:s3:::backups/company.com/east/_notifications.json"] },
    ]);
  });

  it("for prune writes nothing but the lease", () => {
    const { Statement } = s3PolicyFor({ ...BACKUP, purpose: "prune" }, s3Keys(PLACE, EAST));
    const writes = Statement.filter(({ Action }) => Action.includes("s3:PutObject"));
    expect(writes.flatMap(({ Resource }) => Resource)).toEqual(["arn:aws:s3:::backups/company.com/east/_lease.json"]);
  });

  function removals(needs: S3Needs): readonly string[] {
    const { Statement } = s3PolicyFor(needs, s3Keys(PLACE, EAST));
    return Statement.filter(({ Action }) => Action.includes("s3:DeleteObject")).flatMap(({ Resource }) => Resource);
  }
});

describe("the keys of a policy", () => {
  it("follow prefix and layout", () => {
    const layout = { root: "clusterbackup/{cluster}", key: "files/{namespace}/{kind}/{name}" };
    const keys = s3Keys({ bucket: "b", prefix: "prod/eu", layout }, EAST);
    expect(keys.prefixes("*")).toEqual(["prod/eu/clusterbackup/east/*"]);
    expect(keys.mirrorFiles("yaml")).toEqual(["arn:aws:s3:::b/prod/eu/clusterbackup/east/files/*.yaml"]);
    expect(keys.newsOfRepositories).toBe("arn:aws:s3:::b/prod/eu/_notifications/*");
  });

  it("are those of every cluster of a domain", () => {
    expect(s3Keys(PLACE, { domain: "company.com" }).prefixes("_snapshots/*")).toEqual(["company.com/*/_snapshots/*"]);
  });

  it.each(["{cluster}", "{cluster}/{domain}"])("of a domain cannot be said where the layout is %s", (root) => {
    const place = { ...PLACE, layout: { ...PLACE.layout, root } };
    expect(() => s3Keys(place, { domain: "company.com" })).toThrow(/clusters of one domain share no folder/);
  });

  it("refuse a prefix that a policy would read as a pattern", () => {
    expect(() => s3Keys({ ...PLACE, prefix: "team-*" }, EAST)).toThrow(/stand for other characters/);
  });
});
