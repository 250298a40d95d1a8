import { describe, expect, it } from "vitest";
import { UntrustedOperationError } from "../shared/azure-error.ts";
import { assertTrustedLogUrl, assertTrustedUrl } from "./trusted-host.ts";

describe("where Azure's token may go", () => {
  it.each([
    "https://management.azure.com/subscriptions/1?api-version=2",
    "https://westeurope.management.azure.com/x",
    "https://management.usgovcloudapi.net/x",
    "https://management.chinacloudapi.cn/x",
    "https://demoacr.azurecr.io/acr/v1/_catalog",
    "https://MANAGEMENT.azure.com:443/x",
  ])("takes %s", (url) => {
    expect(() => assertTrustedUrl(url)).not.toThrow();
  });

  it.each([
    "https://evil.example/subscriptions/1",
    "https://management.azure.com.evil.example/x",
    "https://evilmanagement.azure.com.example/x",
    "https://notmanagement.azure.com/x",
    "https://management.azure.com@evil.example/x",
    "https://evil.example/?https://management.azure.com/",
    "http://management.azure.com/x",
    "https://management.azure.com:8443/x",
    "https://127.0.0.1/x",
    "//management.azure.com/x",
    "not a url",
    "",
  ])("refuses %s", (url) => {
    expect(() => assertTrustedUrl(url)).toThrow(UntrustedOperationError);
  });
});

describe("where a build's log is read", () => {
  const EMULATOR = "http://127.0.0.1:4100";

  it.each([
    "https://acrlogs.blob.core.windows.net/c/logs/cf1/rawtext.log?sig=secret",
    "https://ACRLOGS.blob.core.windows.net:443/c",
    "https://acrlogs.blob.core.usgovcloudapi.net/c",
    "https://acrlogs.blob.core.chinacloudapi.cn/c",
  ])("in Azure Storage: %s", (url) => {
    expect(assertTrustedLogUrl(url, undefined)).toEqual({ url: new URL(url).href, headers: {} });
  });

  it("at the emulator, whatever storage account is named, and never in Azure then", () => {
    const direct = `${EMULATOR}/acrlogs/c/rawtext.log?sig=secret`;
    expect(assertTrustedLogUrl(direct, `${EMULATOR}/`)).toEqual({ url: direct, headers: {} });
    expect(assertTrustedLogUrl("https://acrlogs.blob.core.windows.net/c/rawtext.log?sig=secret", EMULATOR)).toEqual({
      url: `${EMULATOR}/c/rawtext.log?sig=secret`,
      headers: { "x-emu-host": "acrlogs.blob.core.windows.net" },
    });
  });

  it.each<[string, string | undefined]>([
    ["https://evil.example/logs?sig=secret", undefined],
    ["https://evil.example/logs?sig=secret", EMULATOR],
    ["https://blob.core.windows.net.evil.example/?sig=secret", undefined],
    ["https://evilblob.core.windows.net/?sig=secret", undefined],
    ["https://user:secret@acrlogs.blob.core.windows.net/", undefined],
    ["https://acrlogs.blob.core.windows.net@evil.example/?sig=secret", undefined],
    ["https://acrlogs.blob.core.windows.net:8443/?sig=secret", undefined],
    ["http://acrlogs.blob.core.windows.net/?sig=secret", undefined],
    ["http://127.0.0.1:4100/acrlogs?sig=secret", undefined],
    ["http://127.0.0.1:4101/acrlogs?sig=secret", EMULATOR],
    ["http://169.254.169.254/metadata?sig=secret", undefined],
    ["file:///etc/secret", undefined],
    ["secret", undefined],
  ])("and not at %s (emulator: %s), which is not quoted", (url, emulatorUrl) => {
    const read = () => assertTrustedLogUrl(url, emulatorUrl);
    expect(read).toThrow(UntrustedOperationError);
    expect(read).not.toThrow(/secret/);
  });
});
