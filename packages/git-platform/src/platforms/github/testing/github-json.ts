import type { CommentState, PullState, RepositoryState } from "../../../testing/stand-in/host-state.ts";

/** A request in GitHub's words. */
export function pullJson(repository: RepositoryState, pull: PullState, url: string): Readonly<Record<string, unknown>> {
  const end = (ref: string) => ({
    label: `${repository.owner}:${ref}`,
    ref,
    sha: repository.branches.get(ref) ?? "0".repeat(40),
    repo: { id: repository.id, full_name: `${repository.owner}/${repository.name}` },
  });
  return {
    id: pull.id,
    node_id: `PR_${pull.id}`,
    number: pull.number,
    html_url: `${url}/${repository.owner}/${repository.name}/pull/${pull.number}`,
    title: pull.title,
    body: pull.body === "" ? null : pull.body,
    state: pull.state === "open" ? "open" : "closed",
    merged: pull.state === "merged",
    draft: pull.draft,
    user: { login: pull.author },
    labels: [...pull.labels].map((name) => ({ name })),
    assignees: people(pull.assignees),
    requested_reviewers: people(pull.reviewers),
    requested_teams: [...pull.teams].map((slug) => ({ slug, name: slug })),
    milestone: pull.milestone === undefined ? null : { title: pull.milestone },
    head: end(pull.from),
    base: end(pull.to),
  };
}

/** A comment in GitHub's words. */
export function commentJson({ id, author, text }: CommentState): Readonly<Record<string, unknown>> {
  return { id, body: text, user: { login: author } };
}

function people(names: ReadonlySet<string>): readonly unknown[] {
  return [...names].map((login) => ({ login }));
}
