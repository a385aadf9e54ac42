import { z } from "zod";
import { asPartial, choice, EVEN_WHEN_INVALID, filePath, secret, text, textLike, whole } from "./values.ts";

/** `gitops.repository.ssh`: how git is let in by SSH. */
export const sshSection = z
  .strictObject({
    keyFile: filePath({
      description: "The private key, readable by its owner only. Left out: the keys of the SSH agent.",
    }).exactOptional(),
    key: secret({ description: "The private key itself, instead of `keyFile`." }).exactOptional(),
    passphrase: secret({ description: "What the private key is encrypted with." }).exactOptional(),
    knownHostsFile: filePath({
      description: "The host's public keys, as `ssh-keyscan` writes them. Left out: `~/.ssh/known_hosts`.",
    }).exactOptional(),
    knownHosts: text({ description: "Their lines, instead of `knownHostsFile`." }).exactOptional(),
    hostKeys: choice(["strict", "accept-new"], {
      description:
        "`strict`: a host whose key is not known is refused. `accept-new`: it is trusted at first sight, once a run, unless `knownHostsFile` keeps it.",
    }).prefault("strict"),
  })
  .superRefine((value, context) => {
    const { keyFile, key, passphrase, knownHostsFile, knownHosts } = asPartial(value);
    const issue = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    if (keyFile !== undefined && key !== undefined) issue("key", "expected either key or keyFile");
    if (knownHostsFile !== undefined && knownHosts !== undefined)
      issue("knownHosts", "expected either knownHosts or knownHostsFile");
    if (passphrase !== undefined && keyFile === undefined && key === undefined)
      issue("passphrase", "does nothing without keyFile or key; add one or drop the passphrase");
  }, EVEN_WHEN_INVALID)
  .meta({ description: "With an SSH address: key and known hosts." });

/** `gitops.repository.app`: a GitHub App instead of a token. */
export const appSection = z
  .strictObject({
    id: textLike(/^[A-Za-z0-9._-]+$/, "the App's id or client id", { description: "The App's id or client id." }),
    privateKeyFile: filePath({ description: "The App's private key in PEM." }).exactOptional(),
    privateKey: secret({ description: "The key itself, instead of `privateKeyFile`." }).exactOptional(),
    installationId: whole(
      { min: 1, max: Number.MAX_SAFE_INTEGER },
      { description: "Left out: the installation of the repository is looked up." },
    ).exactOptional(),
  })
  .superRefine((value, context) => {
    const { privateKeyFile, privateKey } = asPartial(value);
    if ((privateKeyFile === undefined) === (privateKey === undefined)) {
      context.addIssue({
        code: "custom",
        path: ["privateKeyFile"],
        message: "expected either privateKeyFile or privateKey",
      });
    }
  }, EVEN_WHEN_INVALID)
  .meta({ description: "A GitHub App that is installed for the repository, instead of `token`." });

/** `gitops.repository.proxy`: may hold a password, so that it never prints. */
export const proxyUrl = secret({
  description:
    "A proxy for git and for the host's API, `http://[user:password@]proxy:3128`, used whatever the environment's HTTP_PROXY, HTTPS_PROXY and NO_PROXY say.",
})
  .refine((value) => isProxyUrl(value.reveal()), {
    message: 'expected an http or https URL without a path, such as "http://proxy.example.com:3128"',
  })
  .exactOptional();

function isProxyUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, pathname, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && /^\/?$/.test(pathname) && search === "" && hash === "";
}
