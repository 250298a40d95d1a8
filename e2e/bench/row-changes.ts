declare global {
  interface Window {
    /** Has every row of the cluster table change now: each by a message of its own, as the server sends them. */
    changeRows(count: number): void;
    canChangeRows: boolean;
  }
}

/**
 * Lets the page's own WebSocket bring what the bench makes: copies of the first cluster that the server sent. Below the page's
 * code nothing else is different; the messages come one by one, as tasks of their own.
 */
function takeOverSocket(): void {
  let round = 0;
  window.canChangeRows = false;
  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener("message", (event: MessageEvent<unknown>) => {
        if (window.canChangeRows || !String(event.data).includes('"clusterUpdated"')) return;
        const message = JSON.parse(String(event.data)) as {
          id: string;
          type: string;
          payload: { data: { clusterUpdated: { version: number } } };
        };
        const { clusterUpdated } = message.payload.data;
        const { port1, port2 } = new MessageChannel();
        port1.addEventListener("message", ({ data }) => this.dispatchEvent(new MessageEvent("message", { data })));
        port1.start();
        window.changeRows = (count) => {
          round++;
          for (let row = 0; row < count; row++) {
            const changed = {
              ...clusterUpdated,
              id: `row-${row}`,
              name: `row-${String(row).padStart(3, "0")}`,
              version: clusterUpdated.version + round,
              kubernetesVersion: `1.33.${round}`,
            };
            port2.postMessage(JSON.stringify({ ...message, payload: { data: { clusterUpdated: changed } } }));
          }
        };
        window.canChangeRows = true;
      });
    }
  };
}

/** The same as a script for a page that has not loaded anything yet. */
export const ROW_SOURCE = `(${takeOverSocket.toString()})()`;
