/** A word that a record has changed, with its new state when that is at hand. */
export interface ChangeHint {
  /** The record's own sequence or version after the change. */
  readonly sequence: number;
  /** The state that belongs to `sequence`; readers fetch it themselves when it is missing. */
  readonly state?: unknown;
}

/**
 * PORT: tells the readers of a topic that something has changed. Hints are wake-ups: they may be lost or doubled, because a
 * reader that sees a gap, or hears nothing for a while, reads the store. Writers publish after the change is stored.
 */
export interface ChangeHints {
  /** Never throws and never waits: a reader that fails is counted and logged, the others are told all the same. */
  publish(topic: string, hint: ChangeHint): void;
  /** The returned function ends the subscription; it may be called more than once. */
  subscribe(topic: string, listener: (hint: ChangeHint) => void): () => void;
}
