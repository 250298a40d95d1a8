/** An address may carry a signature that lets whoever has it in. */
export function withoutSecrets(text: string): string {
  return text
    .replace(/(https?:\/\/[^\s?'"<>]+)\?[^\s'"<>]+/gi, "$1?…")
    .replace(
      /\b(bearer|sig|signature|password|secret|token|accountkey)\b(\s*[=:]\s*|\s+)["']?[A-Za-z0-9+/%._~-]{16,}={0,2}/gi,
      "$1$2…",
    );
}
