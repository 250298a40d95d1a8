type Handle = (text: string) => Promise<void>;

/**
 * Keeps messages of an operation's id apart from those of its predecessor with the same id. graphql-ws forgets an operation
 * only when it has wound up, some turns after its `complete`: a new one that takes the id in between would be forgotten in its
 * place, and nobody could end it any more. So what comes for an id that is winding up waits until it has.
 *
 * State, for one connection: operations that run, and those of them that were completed by the client, by id.
 */
export function inOrderOfIds(handle: Handle): Handle {
  const running = new Map<string, Promise<void>>();
  const ending = new Map<string, Promise<void>>();

  return async (text) => {
    const { id, type } = peek(text);
    if (id === undefined) return handle(text);
    const before = ending.get(id);
    if (before) await before;
    if (type === "complete") {
      const operation = running.get(id);
      if (operation) ending.set(id, operation);
    }
    if (type !== "subscribe" || running.has(id)) return handle(text);
    const handled = handle(text);
    const windUp = (): void => {
      running.delete(id);
      ending.delete(id);
    };
    running.set(id, handled.then(windUp, windUp));
    return handled;
  };
}

/** What is no message is told from one by graphql-ws. */
function peek(text: string): { readonly id?: string; readonly type?: unknown } {
  try {
    const message = JSON.parse(text) as { readonly id?: unknown; readonly type?: unknown } | null;
    return typeof message?.id === "string" ? { id: message.id, type: message.type } : {};
  } catch {
    return {};
  }
}
