import { describe, expect, it } from "vitest";
import { resultsOf, suiteOf } from "../testing/results.ts";
import { plotOf } from "./plot.ts";
import type { Results } from "./results.ts";

/** Width of each claim's bar, by the width that is as wanted. */
function bars(svg: string): readonly number[] {
  const [, track] = /class="track"[^>]*? width="(\d+)"/.exec(svg) ?? [];
  const found = svg.matchAll(/<rect class="(?:holds|broken)"[^>]*? width="([\d.]+)"/g);
  return [...found].map(([, width]) => Number(width) / (Number(track) / 2));
}

describe("the plot", () => {
  it("draws a bar as long as the ratio is by what is wanted, whichever side is good", () => {
    const claims = [
      { what: "at most", ratios: [0.5, 0.75, 3], wanted: { atMost: 1.5 } },
      { what: "at least", ratios: [0.5], wanted: { atLeast: 0.75 } },
    ];
    const svg = plotOf(resultsOf(suiteOf("backup", claims)));
    expect(bars(svg)).toEqual([0.5, 1.5]);
    expect(svg).toContain("0.75 (0.50–3.00), wanted ≤ 1.50: holds");
    expect(svg).toContain("0.50 (0.50–0.50), wanted ≥ 0.75: does not hold");
  });

  it("ends a bar that is more than twice what is wanted in a point, and not in the page's margin", () => {
    const svg = plotOf(resultsOf(suiteOf("backup", [{ what: "far off", ratios: [40] }])));
    expect(bars(svg)).toEqual([2]);
    expect(svg).toContain('<path class="broken"');
  });

  it("shows no claim that is meant for another number of objects", () => {
    const claims = [{ what: "here" }, { what: "elsewhere", objects: [100_000] }];
    const svg = plotOf(resultsOf(suiteOf("backup", claims)));
    expect(svg).toContain("here");
    expect(svg).not.toContain("elsewhere");
  });

  it("says in words what it shows, brings no scripts, and lets no name end its markup", () => {
    const svg = plotOf(resultsOf(suiteOf("backup", [{ what: "a < b & <script>" }])));
    expect(svg).toContain("<title");
    expect(svg).toMatch(/<desc id="desc">backup: a &lt; b &amp; &lt;script&gt;: 1.00, holds.<\/desc>/);
    expect(svg).not.toContain("<script");
  });

  it("is the same for the same results, also after they were kept as JSON", () => {
    const results = resultsOf(suiteOf("a", [{ what: "one" }]), suiteOf("b", [{ what: "two", ratios: [0.3, 2] }]));
    expect(plotOf(JSON.parse(JSON.stringify(results)) as Results)).toBe(plotOf(results));
  });
});
