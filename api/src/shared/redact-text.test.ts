import { expect, test } from "vitest";
import { tryParseErrorText } from "./azure-error-body.ts";
import { AzureError } from "./azure-error.ts";
import { redactWords } from "./redact-text.ts";

test.each([
  ["Basic LoadBalancer is not supported.", "Basic LoadBalancer is not supported."],
  ["sent Authorization: Bearer eyJ0eXAiOiJKV1QiLCJhbGciOi", "sent Authorization: Bearer [redacted]"],
  [
    "https://a.blob.core.windows.net/b?sv=1&sig=S3cret%3D&sp=r",
    "https://a.blob.core.windows.net/b?sv=1&sig=[redacted]&sp=r",
  ],
  ["AccountName=a;AccountKey=S3cret==;X=y", "AccountName=a;AccountKey=[redacted];X=y"],
  ["git clone https://me:S3cret@github.com/o/r", "git clone https://me:[redacted]@github.com/o/r"],
])("of what Azure says the secrets are cut out, and nothing else: %s", (text, expected) => {
  expect(redactWords(text)).toBe(expected);
  expect(redactWords(expected)).toBe(expected);
});

test("an error of Azure holds no secret, however deep it stands and whatever form it has", () => {
  const secret = "https://me:S3cret@h/p?sig=S3cret";
  const nested = JSON.stringify({
    error: { code: "Inner", message: secret, additionalInfo: [{ info: { at: secret } }] },
  });
  const bodies = [
    {
      error: { code: "A", message: `It failed: ${nested}`, target: secret, details: [{ code: "B", message: secret }] },
    },
    { code: "C", details: secret },
    { statuses: [{ code: "ProvisioningState/failed/X", message: secret }] },
  ].map((body) => tryParseErrorText(JSON.stringify(body)));
  bodies.push(tryParseErrorText(`<Error><Code>X</Code><Message>${secret.replace("&", "&amp;")}</Message></Error>`));
  expect(bodies.every((body) => body !== undefined)).toBe(true);
  expect(JSON.stringify(bodies)).not.toContain("S3cret");
  const unread = new AzureError({ kind: "unknown", body: { code: "UnreadableAnswer", message: secret } });
  expect(JSON.stringify([unread.message, unread.body])).not.toContain("S3cret");
});
