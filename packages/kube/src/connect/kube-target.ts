/** One server and who we are there: what a context of a kubeconfig, or a Pod's service account, says. */
export interface KubeTarget {
  /** For people: "context admin", "in cluster". */
  readonly origin: string;
  readonly inCluster: boolean;
  readonly server: KubeServer;
  readonly user: KubeUser;
  /** That of the context, or of the Pod. */
  readonly namespace?: string;
}

/** Where the API server is and how it proves who it is. */
export interface KubeServer {
  /** "https://10.0.0.1:6443", with the path it lives under if it has one; without a slash at its end. */
  readonly url: string;
  readonly authority?: Material;
  readonly tlsServerName?: string;
  readonly skipTlsVerify: boolean;
  readonly proxyUrl?: string;
  /** False when the kubeconfig says `disable-compression`. */
  readonly compression: boolean;
}

/** How we prove who we are. */
export interface KubeUser {
  readonly name: string;
  readonly token?: Material;
  readonly certificate?: Material;
  readonly key?: Material;
  readonly basic?: { readonly username: string; readonly password: string };
  /** An `exec` or `auth-provider` entry as the kubeconfig has it. */
  readonly plugin?: AuthPlugin;
  readonly impersonate?: Impersonation;
}

/** A text or a file that is read again and again, because it may be renewed. */
export type Material = { readonly text: string } | { readonly file: string };

/** An authentication that another program or provider does. */
export interface AuthPlugin {
  readonly type: "exec" | "auth-provider";
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Whom the server shall take us for. */
export interface Impersonation {
  readonly user: string;
  readonly groups: readonly string[];
  readonly uid?: string;
  readonly extra: Readonly<Record<string, readonly string[]>>;
}
