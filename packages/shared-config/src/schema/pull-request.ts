import { z } from "zod";
import { templateLine, templateText } from "./template-text.ts";
import { asPartial, choice, EVEN_WHEN_INVALID, emptySection, flag, text, textList } from "./values.ts";

const VARIABLES = ["title", "clusters", "environments", "base", "branch", "part"] as const;

/** `gitops.pullRequest`: the request, on hosts that have what is asked for. */
export const pullRequestSection = z
  .preprocess(
    emptySection,
    z
      .strictObject({
        title: templateLine(VARIABLES, {
          description: "Its title; `{title}` is the one that is made from the changes.",
        }).prefault("{title}"),
        body: templateText([...VARIABLES, "body"], {
          description: "Its text, in Markdown; `{body}` is the one that says what merging will change.",
        }).prefault("{body}"),
        labels: textList({ description: "Labels by name." }),
        reviewers: textList({ description: "Users who are asked to review, by the names they have on the host." }),
        teamReviewers: textList({ description: "Teams or groups who are asked to review." }),
        assignees: textList({ description: "Users it is assigned to." }),
        milestone: text({ description: "Title of an open milestone." }).exactOptional(),
        draft: flag({ description: "Whether it is opened as a draft." }).prefault(false),
        autoMerge: choice(["off", "default", "merge", "squash", "rebase"], {
          description:
            "Whether the host merges it by itself once the branch's rules are met, and how; `default` is the way of the repository. Never for a request that removes something.",
        }).prefault("off"),
        status: flag({
          description: "Whether the result of the validation is set as the commit status `kubeferry/validation`.",
        }).prefault(true),
        split: choice(["auto", "none", "namespace", "environment", "cluster"], {
          description:
            "How many requests. `none`: one. `namespace`: one for each. `environment`, `cluster`: one for each environment, or for each source cluster; only with `flat: true` or layout `clusters`. `auto`: one up to 300 changed files, one a namespace above.",
        }).prefault("auto"),
      })
      .superRefine((value, context) => {
        const { draft, autoMerge } = asPartial(value);
        if (draft === true && autoMerge !== undefined && autoMerge !== "off") {
          context.addIssue({
            code: "custom",
            path: ["autoMerge"],
            message: "contradicts draft: no host merges a draft; drop one of them",
          });
        }
      }, EVEN_WHEN_INVALID),
  )
  .prefault({})
  .meta({ description: "The pull request (merge request) that is opened on the host." });
