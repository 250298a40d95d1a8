import { parseSetCookie } from "cookie";

/** A browser as far as redirects and cookies go: one host name, whatever the port, as cookies have it. */
export interface Browser {
  /** Follows redirects until an address of `stopAt` or an answer that is none, and gives back where that was. */
  visit(url: string): Promise<{ readonly url: string; readonly response: Response | undefined }>;
  /** Sends a form to where a page would. */
  submit(url: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  cookie(name: string): string | undefined;
  /** As a request carries them. */
  cookies(): string;
  setCookie(name: string, value: string): void;
  /** `Set-Cookie` lines as they came. */
  readonly received: readonly string[];
}

const MOST_REDIRECTS = 20;

export function createBrowser(options: {
  /** Addresses that are not asked. */
  readonly stopAt: string;
  /** Where an address that the product calls its own really is. */
  readonly resolve: (url: string) => string;
}): Browser {
  const jar = new Map<string, string>();
  const received: string[] = [];
  const cookies = (): string => [...jar].map(([name, value]) => `${name}=${value}`).join("; ");

  async function ask(url: string, init: RequestInit): Promise<Response> {
    const headers = { ...(init.headers as Record<string, string>), cookie: cookies(), connection: "close" };
    const response = await fetch(options.resolve(url), { ...init, headers, redirect: "manual" });
    for (const line of response.headers.getSetCookie()) {
      received.push(line);
      const { name, value, maxAge, expires } = parseSetCookie(line);
      if (maxAge === 0 || (expires && expires.getTime() < Date.now())) jar.delete(name);
      else jar.set(name, value ?? "");
    }
    return response;
  }

  return {
    received,
    cookies,
    cookie: (name) => jar.get(name),
    setCookie: (name, value) => void jar.set(name, value),
    submit: (url, headers = {}) =>
      ask(url, { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded", ...headers } }),
    async visit(start) {
      let url = start;
      for (let hop = 0; hop < MOST_REDIRECTS; hop++) {
        if (url.startsWith(options.stopAt)) return { url, response: undefined };
        const response = await ask(url, { method: "GET" });
        const location = response.headers.get("location");
        await response.arrayBuffer();
        if (location === null) return { url, response };
        url = new URL(location, url).href;
      }
      throw new Error(`There is no end to the redirects from ${start}.`);
    },
  };
}
