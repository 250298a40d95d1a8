import { describe, expect, it } from "vitest";
import { UntrustedOperationError } from "../shared/azure-error.ts";
import { assertTrustedUrl } from "./trusted-host.ts";

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
