/** A program for the supervisor's tests: `node supervised-child.fixture.mjs <polite | stubborn | dies | refuses>`, says when it is up and why it ends. */
import { createServer } from "node:http";

const [behaviour] = process.argv.slice(2);
const server = createServer();
server.listen(0, "127.0.0.1", () => {
  console.log(`up ${process.pid}`);
  if (behaviour === "dies") process.exit(3);
  if (behaviour === "refuses") process.exit(78);
});
process.on("SIGTERM", () => {
  console.log("asked to end");
  if (behaviour !== "stubborn") server.close();
});
