import { builder } from "../graphql/builder.ts";

export const ToneEnum = builder.enumType("Tone", {
  description: "How a state is to be shown.",
  values: {
    SUCCESS: { description: "All is well." },
    IN_PROGRESS: { description: "Something is going on." },
    FAILED: { description: "Something went wrong." },
    NEUTRAL: { description: "Neither good nor bad." },
  } as const,
});

/** Tone of an agent pool's or a cluster's provisioningState. */
export function toneOf(provisioningState: string): "SUCCESS" | "IN_PROGRESS" | "FAILED" | "NEUTRAL" {
  switch (provisioningState.toLowerCase()) {
    case "succeeded":
      return "SUCCESS";
    case "failed":
      return "FAILED";
    case "canceled":
    case "deleted":
      return "NEUTRAL";
    default:
      return "IN_PROGRESS";
  }
}
