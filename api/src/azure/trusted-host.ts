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

/** https://learn.microsoft.com/azure/azure-government/compare-azure-government-global-azure#guidance-for-developers */
const STORAGE_DOMAINS = ["blob.core.windows.net", "blob.core.usgovcloudapi.net", "blob.core.chinacloudapi.cn"];

/** Where to connect, and what to send along. */
export interface LogAddress {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The address of a log comes from an answer, so it is checked as well: Azure Storage, or with an emulator the emulator, which also
 * stands for any storage account then.
 * @throws UntrustedOperationError
 */
export function assertTrustedLogUrl(logUrl: string, emulatorUrl: string | undefined): LogAddress {
  const parsed = URL.canParse(logUrl) ? new URL(logUrl) : undefined;
  if (parsed?.username === "" && parsed.password === "") {
    const emulator = emulatorUrl === undefined ? undefined : new URL(emulatorUrl).origin;
    if (emulator !== undefined && parsed.origin === emulator) return { url: parsed.href, headers: {} };
    const isStorage =
      parsed.protocol === "https:" &&
      parsed.port === "" &&
      STORAGE_DOMAINS.some((domain) => parsed.hostname.endsWith(`.${domain}`));
    if (isStorage && emulator === undefined) return { url: parsed.href, headers: {} };
    if (isStorage && emulator !== undefined)
      return { url: emulator + parsed.pathname + parsed.search, headers: { "x-emu-host": parsed.host } };
  }
  const where = parsed ? `${parsed.protocol}//${parsed.host}` : "an address that is none";
  throw new UntrustedOperationError(`The log of a build was not read from ${where}: it is not Azure Storage.`);
}
