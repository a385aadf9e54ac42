import { randomBytes } from "node:crypto";
import { userInfo } from "node:os";
import { join } from "node:path";

/** What differs between two Gitea servers. */
export interface GiteaSettings {
  readonly dataFolder: string;
  readonly staticFolder: string;
  readonly repositoriesFolder: string;
  readonly port: number;
  readonly url: string;
  readonly ssh: GiteaSsh;
}

/** Its own SSH server. */
interface GiteaSsh {
  readonly port: number;
  /** Of the host's private key, in PEM. */
  readonly hostKeyFile: string;
}

/** The text of app.ini: SQLite, no mail, nothing that leaves this machine, no periodic work. */
export function giteaSettings({ dataFolder, staticFolder, repositoriesFolder, port, url, ssh }: GiteaSettings): string {
  return iniText({
    "": {
      APP_NAME: "kubeferry testbed",
      RUN_MODE: "prod",
      RUN_USER: userInfo().username,
      WORK_PATH: dataFolder,
      I_AM_BEING_UNSAFE_RUNNING_AS_ROOT: process.getuid?.() === 0,
    },
    server: {
      PROTOCOL: "http",
      HTTP_ADDR: "127.0.0.1",
      HTTP_PORT: port,
      ROOT_URL: `${url}/`,
      STATIC_ROOT_PATH: staticFolder,
      START_SSH_SERVER: true,
      BUILTIN_SSH_SERVER_USER: "git",
      SSH_USER: "git",
      SSH_DOMAIN: "127.0.0.1",
      SSH_LISTEN_HOST: "127.0.0.1",
      SSH_LISTEN_PORT: ssh.port,
      SSH_PORT: ssh.port,
      SSH_SERVER_HOST_KEYS: ssh.hostKeyFile,
      SSH_ROOT_PATH: join(dataFolder, "ssh"),
      OFFLINE_MODE: true,
      LFS_START_SERVER: false,
    },
    database: { DB_TYPE: "sqlite3", PATH: join(dataFolder, "gitea.db"), SQLITE_JOURNAL_MODE: "WAL" },
    security: {
      INSTALL_LOCK: true,
      SECRET_KEY: randomBytes(32).toString("hex"),
      // The ordinary count makes each request that carries a password cost 50 ms.
      PASSWORD_HASH_ALGO: "pbkdf2$1000$32",
    },
    oauth2: { ENABLED: false, JWT_SECRET: randomBytes(32).toString("base64url") },
    service: { DISABLE_REGISTRATION: true, ENABLE_NOTIFY_MAIL: false },
    mailer: { ENABLED: false },
    session: { PROVIDER: "memory" },
    indexer: { ISSUE_INDEXER_TYPE: "db", REPO_INDEXER_ENABLED: false },
    repository: { ROOT: repositoriesFolder, DEFAULT_BRANCH: "main", DEFAULT_PRIVATE: "private" },
    "repository.signing": { SIGNING_KEY: "none" },
    actions: { ENABLED: false },
    packages: { ENABLED: false },
    // Tests receive webhooks on loopback.
    webhook: { ALLOWED_HOST_LIST: "loopback" },
    git: { HOME_PATH: join(dataFolder, "git-home") },
    "git.config": { "core.fsync": "none" },
    log: { MODE: "console", LEVEL: "Warn", ROOT_PATH: join(dataFolder, "log") },
    cron: { ENABLED: false },
    ...Object.fromEntries(cronJobs.map((job) => [`cron.${job}`, { ENABLED: false, RUN_AT_START: false }])),
  });
}

/** Those that are on, or run at the start, unless they are switched off one by one. */
const cronJobs = [
  "archive_cleanup",
  "check_repo_stats",
  "cleanup_actions",
  "cleanup_hook_task_table",
  "cleanup_packages",
  "deleted_branches_cleanup",
  "repo_health_check",
  "stop_endless_tasks",
  "stop_zombie_tasks",
  "sync_external_users",
  "update_checker",
  "update_migration_poster_id",
  "update_mirrors",
];

type IniSection = Readonly<Record<string, string | number | boolean>>;

function iniText(sections: Readonly<Record<string, IniSection>>): string {
  const blocks = Object.entries(sections).map(([name, keys]) => {
    const lines = Object.entries(keys).map(([key, value]) => `${key} = ${value}`);
    return [...(name === "" ? [] : [`[${name}]`]), ...lines].join("\n");
  });
  return `${blocks.join("\n\n")}\n`;
}
