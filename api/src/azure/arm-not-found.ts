import { AzureError } from "../shared/azure-error.ts";
import { callAzure } from "./arm-errors.ts";

/** Runs a read; undefined when Azure answers that there is no such thing. */
export async function undefinedWhenNotFound<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await callAzure(read);
  } catch (error) {
    // A missing subscription is no missing resource: it would look like "not created yet" for ever.
    if (error instanceof AzureError && error.kind === "not-found" && error.code !== "SubscriptionNotFound")
      return undefined;
    throw error;
  }
}
