// The results as a picture: a bar a claim, in units of what is wanted of it, so that all claims share one line.
import { median } from "./measure.ts";
import { boundText, placeText, rangeText, two } from "./report.ts";
import { type Results, type Verdict, verdictsOf } from "./results.ts";

const WIDTH = 880;
const MARGIN = 24;
/** What the width stands for; what is worse ends in a point. */
const WORST = 2;
const FIRST_LINE = 48;
const LINE_HEIGHT = 18;
/** What fits beside each other in small letters. */
const LINE_CHARS = 130;
const SUITE_HEIGHT = 34;
const CLAIM_HEIGHT = 40;
const BAR_HEIGHT = 10;

/** It brings its own background, because a picture in a page is not told which theme the page has. */
const STYLE = `
  text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328; }
  .back { fill: #ffffff; stroke: #d0d7de; }
  .large { font-size: 16px; font-weight: 600; }
  .suite { font-weight: 600; }
  .small { font-size: 11px; fill: #59636e; }
  .track { fill: #eaeef2; }
  .holds { fill: #2da44e; }
  .broken { fill: #cf222e; }
  .wanted, .spread { stroke: #1f2328; fill: none; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .back { fill: #0d1117; stroke: #3d444d; }
    .small { fill: #9198a1; }
    .track { fill: #262c36; }
    .holds { fill: #2ea043; }
    .broken { fill: #f85149; }
    .wanted, .spread { stroke: #f0f6fc; }
  }
`;

/** An SVG of the claims that are meant for this number of objects: equal results give an equal picture. */
export function plotOf(results: Results): string {
  const verdicts = verdictsOf(results, { inCi: false }).filter(({ verdict }) => verdict !== "not asked");
  const parts: string[] = [];
  const small = [...wrapped(placeText(results)), HOW_TO_READ];
  let y = FIRST_LINE - 6 + small.length * LINE_HEIGHT;
  for (const [suite, claims] of Map.groupBy(verdicts, (verdict) => verdict.suite)) {
    parts.push(text({ x: MARGIN, y: y + 20, style: "suite", content: suite }));
    y += SUITE_HEIGHT;
    for (const claim of claims) {
      parts.push(...row(claim, y));
      y += CLAIM_HEIGHT;
    }
  }
  const height = y + MARGIN / 2;
  const title = "kubeferry beside the least that its work could take";
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title desc">
<title id="title">${escaped(title)}</title>
<desc id="desc">${escaped(verdicts.map(sentence).join(" "))}</desc>
<style>${STYLE}</style>
<rect class="back" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8"/>
${text({ x: MARGIN, y: 30, style: "large", content: title })}
${small.map((content, line) => text({ x: MARGIN, y: FIRST_LINE + line * LINE_HEIGHT, style: "small", content })).join("\n")}
${parts.join("\n")}
</svg>
`;
}

const HOW_TO_READ = "Shorter is better: a bar up to the line is as wanted. Median, with the range of all rounds.";

/** Broken behind a semicolon where a line would be too long. */
function wrapped(place: string): readonly string[] {
  const lines: string[] = [];
  for (const part of place.split(/(?<=;) /)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + part.length >= LINE_CHARS) lines.push(part);
    else lines[lines.length - 1] = `${last} ${part}`;
  }
  return lines;
}

function row(claim: Verdict, top: number): readonly string[] {
  const bar = top + 20;
  const values = claim.ratios.map((ratio) => byWanted(claim, ratio));
  const [from, to] = [at(Math.min(...values)), at(Math.max(...values))];
  const end = at(median(values));
  const style = claim.verdict === "holds" ? "holds" : "broken";
  const middle = bar + BAR_HEIGHT / 2;
  const worse = median(values) > WORST;
  const figures = `${two(claim.median)} (${rangeText(claim.ratios)}), wanted ${boundText(claim.wanted)}: ${claim.verdict}`;
  return [
    text({ x: MARGIN, y: top + 12, content: claim.what }),
    text({ x: WIDTH - MARGIN, y: top + 12, anchor: "end", content: figures }),
    `<rect class="track" x="${MARGIN}" y="${bar}" width="${WIDTH - 2 * MARGIN}" height="${BAR_HEIGHT}" rx="2"/>`,
    `<rect class="${style}" x="${MARGIN}" y="${bar}" width="${one(end - MARGIN)}" height="${BAR_HEIGHT}" rx="2"/>`,
    worse
      ? `<path class="${style}" d="M${end} ${bar - 3}l12 ${BAR_HEIGHT / 2 + 3}l-12 ${BAR_HEIGHT / 2 + 3}z"/>`
      : `<path class="spread" d="M${one(from)} ${bar + 2}v${BAR_HEIGHT - 4}M${one(from)} ${middle}H${one(to)}M${one(to)} ${bar + 2}v${BAR_HEIGHT - 4}"/>`,
    `<path class="wanted" stroke-width="2" d="M${at(1)} ${bar - 4}v${BAR_HEIGHT + 8}"/>`,
  ];
}

/** At most one is as wanted, whichever side of the bound is good. */
function byWanted({ wanted }: Verdict, ratio: number): number {
  return "atMost" in wanted ? ratio / wanted.atMost : wanted.atLeast / ratio;
}

function at(value: number): number {
  return MARGIN + (Math.min(value, WORST) / WORST) * (WIDTH - 2 * MARGIN);
}

function sentence({ suite, what, median: middle, verdict }: Verdict): string {
  return `${suite}: ${what}: ${two(middle)}, ${verdict}.`;
}

interface Words {
  readonly x: number;
  readonly y: number;
  readonly content: string;
  readonly style?: string;
  readonly anchor?: "end";
}

function text({ x, y, content, style, anchor }: Words): string {
  const more = `${style === undefined ? "" : ` class="${style}"`}${anchor === undefined ? "" : ` text-anchor="${anchor}"`}`;
  return `<text x="${x}" y="${y}"${more}>${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** One digit behind the point is a tenth of a pixel. */
function one(value: number): string {
  return value.toFixed(1);
}
