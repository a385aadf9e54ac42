import { describe, expect, it } from "vitest";
import { parseSide } from "./written-side.ts";

const NOW = new Date("2026-11-21T12:00:00Z");

describe("a side of a comparison, as it is written", () => {
  it.each([
    ["live", { is: "live" }],
    ["git:main:namespaces/shop/prod", { is: "git", branch: "main", path: "namespaces/shop/prod" }],
    ["git:release/1.2", { is: "git", branch: "release/1.2", path: "" }],
    ["folder:rendered", { is: "folder", path: "rendered" }],
    ["folder:git:x", { is: "folder", path: "git:x" }],
    ["./rendered", { is: "folder", path: "./rendered" }],
    ["/srv/fleet@latest", { is: "folder", path: "/srv/fleet@latest" }],
    ["..", { is: "folder", path: ".." }],
    ["fleet/prod", { is: "folder", path: "fleet/prod" }],
    ["fleet/prod@yesterday", { is: "folder", path: "fleet/prod@yesterday" }],
  ])("%s", (text, side) => {
    expect(parseSide(text, NOW)).toEqual(side);
  });

  it.each([
    ["latest~3", undefined],
    ["-2h", undefined],
    ["#42", undefined],
    ["dc/blue@latest", "dc/blue"],
    ["blue@2026-11-20T06:00:00Z", "blue"],
  ])("%s is a snapshot", (text, cluster) => {
    expect(parseSide(text, NOW)).toMatchObject({ is: "snapshot", cluster });
  });

  it("that names nothing is refused, with all that could be written", () => {
    expect(() => parseSide("yesterday", NOW)).toThrow(/"yesterday" names no snapshot.*git:<branch>:<path>/s);
  });
});
