import { RETRY, command, edit, link } from "../../../shared/remedy.ts";
import type { Facts } from "../failure-facts.ts";
import { armGuide, withValue, type FailureRule } from "../failure-rule.ts";
import { subscriptionOption } from "../remedies.ts";

/** What the subscription is, has registered and may buy. */
export const SUBSCRIPTION_RULES: readonly FailureRule[] = [
  {
    name: "feature-not-registered",
    category: "PROVIDER_NOT_REGISTERED",
    fault: "YOURS",
    codes: ["FeatureNotRegistered"],
    refines: ["SubscriptionNotRegistered", "MissingSubscriptionRegistration", "BadRequest"],
    words: /feature \S+ (?:is )?not (?:registered|enabled)|not registered (?:with|for) (?:the )?feature/i,
    tell: (facts) =>
      `The subscription has not registered the preview feature ${facts.feature ?? "that is needed"}. Registering it takes some minutes, once.`,
    remedies: (facts) => [registerFeature(facts), RETRY],
    source: armGuide("management/preview-features"),
  },
  {
    name: "provider-not-registered",
    category: "PROVIDER_NOT_REGISTERED",
    fault: "YOURS",
    codes: ["MissingSubscriptionRegistration", "SubscriptionNotRegistered", "ResourceProviderNotRegistered"],
    words:
      /subscription (?:\S+ )?is not registered (?:to use|for|with)|resource provider.{0,60}(?:is )?not registered/i,
    tell: (facts) =>
      `The subscription has not registered the resource provider ${facts.provider ?? "that is needed"}. Registering it takes some minutes, once.`,
    remedies: (facts) => [registerProvider(facts), RETRY],
    source: armGuide("troubleshooting/error-register-resource-provider"),
  },
  {
    name: "no-registered-provider",
    category: "PROVIDER_NOT_REGISTERED",
    fault: "YOURS",
    codes: ["NoRegisteredProviderFound", "InvalidResourceNamespace"],
    words: /no registered resource provider found/i,
    tell: (facts) =>
      `Azure finds no registered resource provider${withValue(" for ", facts.resourceType ?? facts.provider)}${withValue(" in ", facts.location)}${withValue(" with API version ", facts.apiVersion)}: it is not registered in the subscription, or not offered in that location.`,
    remedies: (facts) => [registerProvider(facts), edit("Choose another location", "location"), RETRY],
    source: armGuide("troubleshooting/error-register-resource-provider"),
  },
  {
    name: "marketplace",
    category: "SUBSCRIPTION",
    fault: "YOURS",
    codes: ["MarketplacePurchaseEligibilityFailed"],
    words: /offer .{0,200}cannot be purchased|legal terms have not been accepted/i,
    tell: (facts) =>
      `The subscription may not buy ${withValue("the Marketplace offer '", facts.offer, "'", "an offer of the Marketplace that this needs")}${withValue(" of ", facts.publisher)}: its way of paying, its country or the organisation's own Marketplace stands in the way.`,
    remedies: () => [
      link(
        "Purchases from the Marketplace",
        "https://learn.microsoft.com/azure/cost-management-billing/manage/enable-marketplace-purchases",
      ),
      RETRY,
    ],
    source: "https://learn.microsoft.com/azure/cost-management-billing/manage/enable-marketplace-purchases",
  },
  {
    name: "spending-limit",
    category: "SUBSCRIPTION",
    fault: "YOURS",
    codes: ["SpendingLimitReached", "BillingAccountNotActive"],
    words: /spending limit/i,
    tell: (facts) =>
      `The subscription${withValue(" ", facts.subscriptionId)} has reached its spending limit, so Azure starts nothing in it.`,
    remedies: () => [
      link("Spending limit", "https://learn.microsoft.com/azure/cost-management-billing/manage/spending-limit"),
      RETRY,
    ],
    source: "https://learn.microsoft.com/azure/cost-management-billing/manage/spending-limit",
  },
  {
    name: "subscription-disabled",
    category: "SUBSCRIPTION",
    fault: "YOURS",
    codes: [
      "ReadOnlyDisabledSubscription",
      "SubscriptionDisabled",
      "DisabledSubscription",
      "SubscriptionNotActive",
      "SubscriptionRequestsBlocked",
    ],
    words: /subscription \S+ is (?:disabled|in (?:a )?\S+ state|not active)|subscription is disabled/i,
    tell: (facts) =>
      `The subscription${withValue(" ", facts.subscriptionId)} is disabled: it can be read, but nothing in it can be changed.`,
    remedies: () => [
      link(
        "Reactivate a subscription",
        "https://learn.microsoft.com/azure/cost-management-billing/manage/subscription-disabled",
      ),
      RETRY,
    ],
    source: "https://learn.microsoft.com/azure/cost-management-billing/manage/subscription-disabled",
  },
  {
    name: "subscription-not-found",
    category: "SUBSCRIPTION",
    fault: "YOURS",
    codes: ["SubscriptionNotFound", "InvalidSubscriptionId"],
    words: /subscription \S+ could not be found/i,
    tell: (facts) =>
      `Azure finds no subscription${withValue(" ", facts.subscriptionId)}: it is gone, or Slipway's identity may not see it.`,
    remedies: () => [
      edit("Choose another subscription", "subscriptionId"),
      command("List the subscriptions", "az", "account", "list", "--all", "--output", "table"),
    ],
    source: armGuide("troubleshooting/common-deployment-errors"),
  },
];

function registerFeature(facts: Facts) {
  const [namespace = "<namespace>", name = "<feature>"] = facts.feature?.split("/") ?? [];
  return command(
    "Register the feature",
    ...["az", "feature", "register", "--namespace", namespace, "--name", name, ...subscriptionOption(facts)],
  );
}

function registerProvider(facts: Facts) {
  return command(
    "Register the provider",
    ...[
      "az",
      "provider",
      "register",
      "--namespace",
      facts.provider ?? "<namespace>",
      ...subscriptionOption(facts),
      "--wait",
    ],
  );
}
