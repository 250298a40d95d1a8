const REDACTED = "[redacted]";

/** Shorter words after "Basic" may well be a sentence of Azure's: "Basic LoadBalancer is not supported". */
const SHORTEST_TOKEN_IN_WORDS = 20;

/**
 * Cuts secrets out of free text: the signature of a SAS URL, the keys of a connection string, bearer and basic
 * credentials, a password in a URL. `shortestToken`: in characters, what follows "Bearer" or "Basic".
 */
export function redactText(text: string, shortestToken = 8): string {
  return text
    .replace(/([?&;]|%3F|%26|\b)(sig(?:=|%3D))[^&\s"'<>\\]+/gi, `$1$2${REDACTED}`)
    .replace(/\b(AccountKey|SharedAccessKey|SharedAccessSignature|Password)=[^;\s"'\\]+/gi, `$1=${REDACTED}`)
    .replace(new RegExp(`\\b(Bearer|Basic)\\s+[\\w.~+/=-]{${shortestToken},}`, "gi"), `$1 ${REDACTED}`)
    .replace(/(\/\/[^/\s:@]*:)[^/\s@]+@/g, `$1${REDACTED}@`);
}

/** The same for what others say, which people read: Azure repeats addresses and headers that it was sent. */
export function redactWords(text: string): string {
  return redactText(text, SHORTEST_TOKEN_IN_WORDS);
}
