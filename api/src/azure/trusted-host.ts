import { UntrustedOperationError } from "../shared/azure-error.ts";

/**
 * Where our token may go: Resource Manager and container registries, in the public cloud and its sovereign siblings.
 * https://learn.microsoft.com/azure/azure-government/compare-azure-government-global-azure#guidance-for-developers
 */
const TRUSTED_DOMAINS = [
  "management.azure.com",
  "management.usgovcloudapi.net",
  "management.chinacloudapi.cn",
  "azurecr.io",
  "azurecr.us",
  "azurecr.cn",
];

/**
 * The SDK sends the token to whatever address an answer or a stored operation names, so each address is checked.
 * @throws UntrustedOperationError
 */
export function assertTrustedUrl(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isTrusted =
    parsed?.protocol === "https:" &&
    parsed.port === "" &&
    TRUSTED_DOMAINS.some((domain) => parsed.hostname === domain || parsed.hostname.endsWith(`.${domain}`));
  if (!isTrusted) {
    const where = parsed ? parsed.origin : "an address that is none";
    throw new UntrustedOperationError(
      `A request to ${where} was refused: it is not Azure, and would have carried Azure's token.`,
    );
  }
}
