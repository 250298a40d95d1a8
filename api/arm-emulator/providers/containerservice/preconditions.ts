import { flatError } from "../../arm-errors.ts";
import type { ArmRequest } from "../../provider.ts";
import { preconditionFailed } from "./aks-errors.ts";

/**
 * `If-None-Match: *` creates only, `If-Match: <etag>` changes only what is as it was read; anything else is a bad request.
 * https://learn.microsoft.com/azure/aks/use-etags
 * @param existing the etag of what is there; undefined when nothing is
 * @param what e.g. `managed cluster c1`
 * @throws ArmError 400 or 412
 */
export function checkPreconditions(request: ArmRequest, existing: string | undefined, what: string): void {
  const ifNoneMatch = request.headers["if-none-match"];
  const ifMatch = request.headers["if-match"];
  if (ifNoneMatch !== undefined && (ifNoneMatch !== "*" || ifMatch !== undefined)) {
    throw flatError(400, "BadRequest", "The header if-none-match may only be '*', and not together with if-match.");
  }
  if (ifNoneMatch === "*" && existing !== undefined) {
    throw preconditionFailed(`The ${what} already exists; the condition If-None-Match '*' was not met.`);
  }
  if (ifMatch === undefined) return;
  if (ifMatch !== existing && !(ifMatch === "*" && existing !== undefined)) {
    throw preconditionFailed(
      `Etag provided in if-match header ${ifMatch} does not match etag ${existing ?? ""} of resource.`,
    );
  }
}
