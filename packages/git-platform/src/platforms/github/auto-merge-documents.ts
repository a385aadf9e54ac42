// What GitHub offers by GraphQL only. A test holds these against GitHub's published schema.

/** Everything that decides whether and how a request can be merged by itself. */
export const LOOK_AT_MERGE = `query LookAtMerge($owner: String!, $name: String!, $number: Int!, $base: String!) {
  repository(owner: $owner, name: $name) {
    autoMergeAllowed
    mergeCommitAllowed
    squashMergeAllowed
    rebaseMergeAllowed
    viewerDefaultMergeMethod
    deleteBranchOnMerge
    mergeQueue(branch: $base) { id }
    pullRequest(number: $number) {
      id
      state
      isDraft
      headRefOid
      isInMergeQueue
      autoMergeRequest { mergeMethod }
    }
  }
}`;

/** Merges when the rules are met, unless the head has moved since `$head`. */
export const ENABLE_AUTO_MERGE = `mutation EnableAutoMerge($id: ID!, $mergeMethod: PullRequestMergeMethod!, $head: GitObjectID!) {
  enablePullRequestAutoMerge(input: { pullRequestId: $id, mergeMethod: $mergeMethod, expectedHeadOid: $head }) {
    clientMutationId
  }
}`;

/** Takes that back. */
export const DISABLE_AUTO_MERGE = `mutation DisableAutoMerge($id: ID!) {
  disablePullRequestAutoMerge(input: { pullRequestId: $id }) {
    clientMutationId
  }
}`;
