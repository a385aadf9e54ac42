/** Names under which people keep what nobody else may know: `DB_PASSWORD`, `PGPASSWORD`, `spring.datasource.password`. */
const ALWAYS =
  /((^|[^a-z])(pass|pwd|pw|connectionstring|connection-string)|password|passwd|passphrase|(bind|root|admin)pw)(-?\d{1,3})?$/;
/** The same, for names that are as often those of a reference: what stands there has to look like a credential too. */
const OFTEN =
  /((^|[^a-z])(credentials?|auth|authorization)|token|secret|secret-key-base|(api|secret|access|private|account|master|encryption|signing)-?key)(-?\d{1,3})?$/;

/**
 * What every name holds somewhere that `ALWAYS` or `OFTEN` fits, before its words are told apart. The sign for kelvin is
 * a k once it is in lower case.
 */
const TELLING =
  /pass|pw|connection|credential|auth|secret|to[k\u212a]en|(?:api|access|private|account|master|encryption|signing)[-_. ]?[k\u212a]ey/i;

/** Whether a text may hold a name that says anything of its value: without one it need not be taken apart. */
export function mayHoldTelling(text: string): boolean {
  return TELLING.test(text);
}

/** How much a key's name says of its value. */
export function suspicionOf(key: string): "always" | "often" | "none" {
  if (!TELLING.test(key)) return "none";
  // "clientSecretKey" and "CLIENT_SECRET_KEY" are one name: "client-secret-key".
  const words = key
    .slice(key.lastIndexOf("/") + 1)
    .slice(-80)
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/[_. ]/g, "-")
    .toLowerCase();
  if (ALWAYS.test(words)) return "always";
  return OFTEN.test(words) ? "often" : "none";
}

/** What stands for a value and is none: a variable, a template, a reference, a path, a switch, a mark for "fill in". */
const NO_VALUE =
  /^(|true|false|yes|no|on|off|null|none|nil|\d{1,5}|\$\(.*|\$\{.*|\$[A-Z_a-z]\w*.*|.*\{\{.*|<.*>|\*+|x+|%\w.*|\.{0,2}\/[^:@]*|(file|env|secret|vault|ref|refs|ssm|sm):.*|replace.*|change-?me.*|example.*|redacted|your[-_ ].*)$/i;

/** Programs in ConfigMaps: `os.environ["A"]`, `request.headers.get(…)`, `form.password;`, `readToken()`. */
const CODE =
  /^(process\.env|os\.environ)\b|^[A-Za-z_$][\w$]{0,80}((\.[\w$]{1,80}){1,20}[([;]|\([^()]{0,200}\)[;,:)]*$)/;

/** An address that names nobody, and `com.example.Appender`. */
const REFERENCE = /^([a-z][a-z0-9+.-]{0,20}:\/\/[^\s@?]*|[a-z]{1,40}(\.[A-Za-z]{1,40}){2,20})$/;

/** Whether a text stands where a value would and is none. */
export function isNoValue(text: string): boolean {
  return text.length > 10_000 || NO_VALUE.test(text) || CODE.test(text);
}

/** Words of lower-case letters, as objects and keys are called: the name of a Secret, not a secret. */
function isName(text: string): boolean {
  const [first = "", ...others] = text.split(/[-_./:]/);
  return /^[a-z]+$/.test(first) && others.every((word) => /^([a-z]{1,30}\d{0,2}|[a-z0-9]{1,6})$/.test(word));
}

/** Whether a value under a suspicious name is one that should not be seen. */
export function looksSecret(suspicion: "always" | "often", value: string): boolean {
  const text = value.trim().replace(/^(bearer|basic|token) +/i, "");
  if (text.length < 4 || isNoValue(text)) return false;
  if (suspicion === "always") return !text.includes(" ");
  return text.length >= 8 && !text.includes(" ") && !isName(text) && !REFERENCE.test(text);
}
