import { Buffer } from "node:buffer";
import { createHostState, type HostState, type RepositoryState } from "../../../testing/stand-in/host-state.ts";
import { type Route, route, type StandInAnswer } from "../../../testing/stand-in/route.ts";
import { type StandIn, startStandIn } from "../../../testing/stand-in/stand-in.ts";
import { identity, inRepository, listAnswer, refused, repositoryId } from "./answers.ts";
import { partRoutes } from "./part-routes.ts";
import { requestRoutes } from "./request-routes.ts";
import { ListPage, ListPolicies, ListRefs, PreviewVersion, Version } from "./shapes.ts";
import { statusRoutes } from "./status-routes.ts";

const ANONYMOUS = "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa";

/** What organisations and servers differ in. */
export interface AzureKind {
  readonly onPremises: boolean;
  /** Whether the token is of a service, which has no sign-in name of its own. */
  readonly service: boolean;
  /** Whether the token may read policies. */
  readonly policies: boolean;
  /** So many requests of the same branches come from forks. */
  forkRequests: number;
  /** Whether it takes every token for nobody's, as it does where people may look around without one. */
  toNobody: boolean;
  /** Whether the host keeps auto-complete when it is set, and lets it go when it is taken back. */
  autoComplete: "works" | "not kept" | "not let go";
}

/** What every route of it knows. */
export interface Behind {
  readonly state: HostState;
  readonly kind: AzureKind;
}

/** An Azure DevOps of ours and what it remembers. */
export interface AzureStandIn extends Behind {
  readonly standIn: StandIn;
  /** Of the organisation "contoso". */
  readonly apiUrl: string;
}

/** A personal access token. */
export const TOKEN = "k".repeat(52);
/** A token of Microsoft Entra. */
export const ENTRA_TOKEN = ["eyJ0eXAiOiJKV1Qi", "eyJhdWQiOiJhenVyZSJ9", "c2lnbmF0dXJl"].join(".");

const BASIC = Buffer.from(`:${TOKEN}`).toString("base64");
const ME = "kubeferry@example.com";
const REPOSITORY = "/contoso/{project}/_apis/git/repositories/{repo}";
const STATUS_POLICY = "cbdc66da-9728-4af8-aada-9a5a32e4a226";
const REVIEWERS_POLICY = "fa4e907d-c16b-4a4c-9dfa-4906e5d171dd";

/** Operations that Azure DevOps has and the published description lacks. */
const BEYOND: Readonly<Record<string, string>> = {
  "GET /contoso/{project}/_apis/git/policy/configurations": "the description was cut without policies of branches",
  "GET /contoso/_apis/projects/{project}/teams": "the description is that of git and policies, without teams",
  "GET /contoso/_apis/projects/{project}/teams/{team}/members": "as above",
};

/** Starts one that knows the two tokens. The first user is theirs. */
export async function startAzure(differs: Partial<AzureKind> = {}): Promise<AzureStandIn> {
  const kind: AzureKind = {
    onPremises: false,
    service: false,
    policies: true,
    forkRequests: 0,
    toNobody: false,
    autoComplete: "works",
    ...differs,
  };
  const users = [ME, "grace@example.com", "alan@example.com", "linus@example.com"];
  const state = createHostState({ users, teams: ["reviewers"] });
  const behind = { state, kind };
  const standIn = await startStandIn({
    description: "azure-devops",
    routes: [
      ...organisationRoutes(behind),
      ...repositoryRoutes(behind),
      ...requestRoutes(behind),
      ...partRoutes(state),
      ...statusRoutes(state),
    ],
    beyond: BEYOND,
    credentials: [TOKEN, BASIC, ENTRA_TOKEN],
    invalidStatus: 400,
    authenticate({ authorization }) {
      const known = authorization === `Basic ${BASIC}` || authorization === `Bearer ${ENTRA_TOKEN}`;
      return known ? ME : { status: 401 };
    },
  });
  return { ...behind, standIn, apiUrl: `${standIn.url}/contoso` };
}

function organisationRoutes({ state, kind }: Behind): readonly Route[] {
  return [
    route("GET /contoso/_apis/connectionData", { query: PreviewVersion }, ({ user }) => {
      const { id, uniqueName, displayName } = identity(state, user);
      if (kind.toNobody) {
        return { status: 200, json: { authenticatedUser: { id: ANONYMOUS, providerDisplayName: "Anonymous" } } };
      }
      const properties = kind.service ? {} : { Account: { $type: "System.String", $value: uniqueName } };
      const authenticatedUser = { id, providerDisplayName: displayName, isActive: true, properties };
      return { status: 200, json: { authenticatedUser, deploymentType: kind.onPremises ? "onPremises" : "hosted" } };
    }),
    route("GET /contoso/_apis/projects/{project}/teams", { query: ListPage }, ({ params, query }) => {
      if (!state.repositories.some(({ owner }) => owner === params.project)) return noProject(params.project ?? "");
      const own = { id: "22222222-0000-4000-8000-000000000001", name: `${params.project} Team` };
      const teams = [...state.teams].map((name) => ({ id: identity(state, name).id, name }));
      return page([own, ...teams], query);
    }),
    route("GET /contoso/_apis/projects/{project}/teams/{team}/members", { query: ListPage }, ({ params, query }) =>
      // All are in the project's own team.
      page(
        (params.team ?? "").startsWith("2222")
          ? [...state.users].map((name) => ({ identity: identity(state, name) }))
          : [],
        query,
      ),
    ),
  ];
}

function repositoryRoutes({ state, kind }: Behind): readonly Route[] {
  return [
    route(`GET ${REPOSITORY}`, { query: Version }, ({ params, url }) =>
      inRepository(state, params, (repository) => ({
        status: 200,
        json: {
          id: repositoryId(repository),
          name: repository.name,
          webUrl: `${url}/contoso/${encodeURIComponent(repository.owner)}/_git/${repository.name}`,
          defaultBranch: "refs/heads/main",
          isDisabled: repository.archived,
        },
      })),
    ),
    route(`GET ${REPOSITORY}/refs`, { query: ListRefs }, ({ params, query }) =>
      inRepository(state, params, ({ branches }) =>
        listAnswer(
          [...branches]
            .map(([branch, objectId]) => ({ name: `refs/heads/${branch}`, objectId }))
            .filter(({ name }) => name.startsWith(`refs/${query.filter}`)),
        ),
      ),
    ),
    route("GET /contoso/{project}/_apis/git/policy/configurations", { query: ListPolicies }, ({ query }) => {
      if (!kind.policies) return refused(403, "AccessCheckException", "TF400813: not authorized");
      const repository = state.repositories.find((one) => repositoryId(one) === query.repositoryId);
      return repository === undefined
        ? refused(404, "GitRepositoryNotFoundException", "TF401019: does not exist")
        : listAnswer(policiesOf(repository, query.refName.replace("refs/heads/", "")));
    }),
  ];
}

function policiesOf({ rules }: RepositoryState, branch: string) {
  const rule = rules.get(branch);
  if (rule === undefined) return [];
  const on = { isEnabled: true, isBlocking: true, isDeleted: false };
  const statuses = rule.requiredStatuses.map((context) => {
    const [statusGenre, statusName] = context.split("/");
    return { ...on, type: { id: STATUS_POLICY }, settings: { statusName, statusGenre } };
  });
  return [{ ...on, type: { id: REVIEWERS_POLICY }, settings: { minimumApproverCount: 1 } }, ...statuses];
}

function noProject(name: string): StandInAnswer {
  return refused(
    404,
    "ProjectDoesNotExistWithNameException",
    `TF200016: The following project does not exist: ${name}.`,
  );
}

function page(
  items: readonly unknown[],
  { $top = "100", $skip = "0" }: { $top?: string | undefined; $skip?: string | undefined },
) {
  return listAnswer(items.slice(Number($skip), Number($skip) + Number($top)));
}
