import { request } from "node:http";
import { connect } from "node:net";

const LOOK_EVERY_MS = 150;
const LOOK_TIMEOUT_MS = 5_000;
const REMIND_EVERY_MS = 30_000;

function pause(ms) {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** The status that `url` answers with, following redirects on the same server, or the reason why there is none. */
function look({ hostname, port, path, headers }, redirects = 3) {
  return new Promise((resolve) => {
    const req = request({ hostname, port, path, headers, timeout: LOOK_TIMEOUT_MS, agent: false }, (res) => {
      res.resume();
      const location = res.headers.location;
      if (res.statusCode >= 300 && res.statusCode < 400 && location && redirects > 0) {
        const next = new URL(location, `http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}${path}`);
        resolve(look({ hostname, port, path: `${next.pathname}${next.search}`, headers }, redirects - 1));
      } else {
        resolve(res.statusCode === 200 ? 200 : `answers ${res.statusCode}`);
      }
    });
    req.once("timeout", () => req.destroy(new Error("does not answer")));
    req.once("error", (error) => resolve(error.code === "ECONNREFUSED" ? "is not listening yet" : error.message));
    req.end();
  });
}

/** Resolves once something accepts connections there, or when `isStopping()`. */
export async function untilListening({ hostname, port, isStopping }) {
  const tryOnce = () =>
    new Promise((resolve) => {
      const socket = connect({ host: hostname, port });
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
  while (!isStopping() && !(await tryOnce())) await pause(LOOK_EVERY_MS);
}

/**
 * Resolves once each of `targets` (`{name, hostname, port, path, headers}`) answers 200, or when `isStopping()`. Says
 * now and then what it is still waiting for.
 */
export async function untilReady({ targets, isStopping, say }) {
  let remindAtMs = Date.now() + REMIND_EVERY_MS;
  let waiting = targets;
  while (!isStopping()) {
    const answers = await Promise.all(waiting.map(async (target) => ({ target, answer: await look(target) })));
    const unready = answers.filter(({ answer }) => answer !== 200);
    if (unready.length === 0) return;
    waiting = unready.map(({ target }) => target);
    if (Date.now() > remindAtMs) {
      for (const { target, answer } of unready) say(`Still waiting: the ${target.name} ${answer}.`);
      remindAtMs = Date.now() + REMIND_EVERY_MS;
    }
    await pause(LOOK_EVERY_MS);
  }
}
