import type { servers } from "@kubeferry/testbed";

/** A real API server of the tests. */
type TestServer = Awaited<ReturnType<typeof servers.kubeApi>>;

/** A real token of a service account, and a way to end it. */
export interface EndableToken {
  readonly token: string;
  /** Waits until the API server refuses it. */
  end(): Promise<void>;
}

/** Makes a service account that may list ConfigMaps of its namespace. @returns a maker of tokens for it */
export async function openServiceAccount(server: TestServer, namespace: string): Promise<() => Promise<EndableToken>> {
  const name = "collector";
  await server.apply(
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata: { name, namespace },
      rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["list"] }],
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { name, namespace },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
      subjects: [{ kind: "ServiceAccount", name, namespace }],
    },
  );
  let made = 0;
  return async () => {
    // A token bound to a Secret ends with it, which is the one way to end a real token before ten minutes are over.
    const secret = `bound-${++made}`;
    const secrets = `/api/v1/namespaces/${namespace}/secrets`;
    const bound = JSON.parse((await server.request("POST", secrets, { metadata: { name: secret } })).body);
    const boundObjectRef = { kind: "Secret", apiVersion: "v1", name: secret, uid: bound.metadata.uid };
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
    const answer = await server.request("POST", path, { spec: { boundObjectRef, expirationSeconds: 3_600 } });
    const { token } = JSON.parse(answer.body).status;
    return {
      token,
      async end() {
        await server.request("DELETE", `${secrets}/${secret}`);
        const headers = { authorization: `Bearer ${token}` };
        const list = `/api/v1/namespaces/${namespace}/configmaps?limit=1`;
        // The server remembers for ten seconds that it was good.
        while ((await server.request("GET", list, undefined, headers)).status !== 401) {
          await new Promise((resolve) => setTimeout(resolve, 250));
        }
      },
    };
  };
}
