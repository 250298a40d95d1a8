/** Two subscriptions with nothing in them: subscriptions, locations and sizes are facts, not resources. */
export function seedEmpty(): void {}
