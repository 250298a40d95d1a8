import { createServer } from "node:net";

function problemOf(code, port, host, variable) {
  if (code === "EADDRINUSE") return `Port ${port} on ${host} is taken; choose another with ${variable}.`;
  if (code === "EACCES")
    return `Port ${port} needs more rights than this user has; choose one above 1023 with ${variable}.`;
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    return `${host} is no address of this machine; choose another with SLIPWAY_HOST.`;
  }
  return `Port ${port} on ${host} can't be opened (${code}); choose another with ${variable}.`;
}

function tryPort({ port, host, variable }) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error) => resolve(problemOf(error.code, port, host, variable)));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/** One sentence for each port of `listeners` (`{port, host, variable}`) that can't be opened now. */
export async function portProblems(listeners) {
  const problems = await Promise.all(listeners.map(tryPort));
  return [...new Set(problems.filter((problem) => problem !== undefined))];
}
