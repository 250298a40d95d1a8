import { createHash, timingSafeEqual } from "node:crypto";

/** Tells whether an `Authorization` header brings a secret, in a time that says nothing of how much of it was right. */
export function createBearerSecret(secret: string): (authorization: string | undefined) => boolean {
  // Digests are of one length, as the comparison asks for.
  const expected = digest(`Bearer ${secret}`);
  return (authorization) => timingSafeEqual(digest(authorization ?? ""), expected);
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
