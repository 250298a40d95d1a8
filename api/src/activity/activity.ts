import type { Viewer } from "../auth/viewer.ts";
import { isAccess, type ActivityAction } from "./activity-action.ts";

/** What somebody acts on, as it was called then. What kind of thing it is follows from the action. */
export interface ActivityTarget {
  /** Global id of the schema, whether or not there is such a thing. */
  readonly id: string;
  /** For people; empty when nobody knows it. */
  readonly name: string;
  /** Global id of the cluster or registry that it belongs to. */
  readonly withinId?: string;
  /** What exactly, when the action and the target don't say it all: "apps to 5 nodes". */
  readonly detail?: string;
}

/** Somebody is about to act. Stored before the act, replaced by an entry after it. */
export interface ActivityIntent {
  readonly id: string;
  /** ISO time. */
  readonly at: string;
  readonly viewerId: string;
  readonly viewerName: string;
  /** Where the request came from; absent when the act was no request, or from before addresses were kept. */
  readonly address?: string;
  readonly action: ActivityAction;
  readonly target: ActivityTarget;
}

/** What is done at Azure, or who is let in. */
export type ActivityScope = "CHANGES" | "ACCESS";

export type ActivityOutcome = "ACCEPTED" | "REFUSED" | "UNKNOWN";

export interface ActivityEnding {
  readonly outcome: ActivityOutcome;
  /** Of a refusal, for programs. */
  readonly code?: string;
  /** Why it was refused, in part or altogether, or why nobody knows; for people. */
  readonly message?: string;
  /** Global ids of the provision, builds or operation that it began. How those stand is asked of themselves. */
  readonly started: readonly string[];
}

/** Who did what, when, to what, with what outcome. Written once, never changed. */
export interface ActivityEntry extends Omit<ActivityIntent, "id">, ActivityEnding {
  /** 1, 2, 3 … without a gap, in the order in which the outcomes were known. */
  readonly sequence: number;
}

/** Which entries; without anything all of them. */
export interface ActivityFilter {
  readonly action?: ActivityAction | undefined;
  /** Global id of a thing: what was done to it, what began it, and what was done to its parts. */
  readonly aboutId?: string | undefined;
  readonly viewerId?: string | undefined;
  readonly outcome?: ActivityOutcome | undefined;
  readonly scope?: ActivityScope | undefined;
}

const LONGEST_NAME = 200;
const LONGEST_ID = 1_000;
const LONGEST_MESSAGE = 2_000;
const MOST_STARTED = 20;

/** Whatever a client sends as a name or an id, an entry stays small. */
export function newIntent(
  id: string,
  viewer: Viewer,
  action: ActivityAction,
  target: ActivityTarget,
  nowMs: number,
  address?: string,
): ActivityIntent {
  const { withinId, detail } = target;
  return {
    id,
    at: new Date(nowMs).toISOString(),
    viewerId: viewer.id,
    viewerName: viewer.name,
    ...(address === undefined ? {} : { address }),
    action,
    target: {
      id: target.id.slice(0, LONGEST_ID),
      name: target.name.slice(0, LONGEST_NAME),
      ...(withinId === undefined ? {} : { withinId: withinId.slice(0, LONGEST_ID) }),
      ...(detail === undefined ? {} : { detail: detail.slice(0, LONGEST_NAME) }),
    },
  };
}

export function newEntry(intent: ActivityIntent, ending: ActivityEnding, sequence: number): ActivityEntry {
  const { id: _id, ...asked } = intent;
  const { outcome, code, message, started } = ending;
  return {
    ...asked,
    sequence,
    outcome,
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message: message.slice(0, LONGEST_MESSAGE) }),
    started: started.slice(0, MOST_STARTED),
  };
}

/** Ids of everything that the entry is about. */
export function subjectsOf({ target, started }: ActivityEntry): ReadonlySet<string> {
  return new Set([target.id, target.withinId ?? "", ...started].filter((id) => id !== ""));
}

export function isMatch(entry: ActivityEntry, { action, aboutId, viewerId, outcome, scope }: ActivityFilter): boolean {
  return (
    (scope === undefined || isAccess(entry.action) === (scope === "ACCESS")) &&
    (outcome === undefined || entry.outcome === outcome) &&
    (action === undefined || entry.action === action) &&
    (viewerId === undefined || entry.viewerId === viewerId) &&
    (aboutId === undefined || subjectsOf(entry).has(aboutId))
  );
}
