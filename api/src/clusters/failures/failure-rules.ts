import type { FailureRule } from "./failure-rule.ts";
import { ACCESS_RULES } from "./rules/access-rules.ts";
import { NETWORK_RULES } from "./rules/network-rules.ts";
import { NODE_RULES, NODE_SYMPTOMS } from "./rules/node-rules.ts";
import { REQUEST_RULES, REQUEST_SYMPTOMS } from "./rules/request-rules.ts";
import { SIZE_RULES } from "./rules/size-rules.ts";
import { STATE_RULES } from "./rules/state-rules.ts";
import { SUBSCRIPTION_RULES } from "./rules/subscription-rules.ts";

/** What says why. In order: of two that apply to the same words, the first one counts. */
export const CAUSES: readonly FailureRule[] = [
  ...ACCESS_RULES,
  ...SUBSCRIPTION_RULES,
  ...SIZE_RULES,
  ...NETWORK_RULES,
  ...NODE_RULES,
  ...REQUEST_RULES,
  ...STATE_RULES,
];

/** What only says that. They count when no cause is found anywhere in the error. */
export const SYMPTOMS: readonly FailureRule[] = [...NODE_SYMPTOMS, ...REQUEST_SYMPTOMS];
