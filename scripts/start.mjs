import { portProblems } from "./launcher/ports.mjs";
/** `npm start`: sets up what is missing, starts the emulator, the API and the web UI, and keeps them running until it is told to stop. */
import { untilListening, untilReady } from "./launcher/readiness.mjs";
import { environmentOf, readSettings } from "./launcher/settings.mjs";
import { createSupervisor } from "./launcher/supervisor.mjs";
import { buildWeb } from "./setup/build-web.mjs";
import { endRunningCommands } from "./setup/command.mjs";
import { install } from "./setup/install.mjs";
import { parentOf } from "./setup/process-tree.mjs";
import { say } from "./setup/progress.mjs";
import { ROOT, inRoot } from "./setup/workspace.mjs";

/** Both groups together stay under the 10 s in which a stop must be over. */
const STOP_GROUPS = [["web UI", "API"], ["emulator"]];
const STOP_GRACE_MS = 4_000;

/** What Next says of itself at every start: one address on screen is enough, and it is ours. */
const NEXT_BANNER = /^\s*(▲ Next\.js|- (Local|Network|Environments):|✓ (Ready in|Running next\.config))/;

function fail(lines) {
  for (const line of lines) process.stderr.write(`${line}\n`);
  process.exit(1);
}

/** Where to reach a server that listens on `host`. */
function connectableHost(host) {
  if (host === "0.0.0.0") return "127.0.0.1";
  return host === "::" ? "::1" : host;
}

/** A worker answers probes alone. */
function hasWeb({ role }) {
  return role !== "worker";
}

function listenersOf(config) {
  const { host, azure } = config;
  return [
    ...(hasWeb(config) ? [{ port: config.web.port, host, variable: "SLIPWAY_WEB_PORT" }] : []),
    { port: config.api.port, host, variable: "SLIPWAY_API_PORT" },
    ...(azure.kind === "emulator" && azure.isStartedHere
      ? [{ port: azure.port, host: "127.0.0.1", variable: "SLIPWAY_EMULATOR_PORT" }]
      : []),
  ];
}

let isStopping = false;
/** Ends whatever has been started so far; set-up commands first, the supervisor's children later. */
let endEverything = () => endRunningCommands(STOP_GRACE_MS);

async function stop(exitCode, reason) {
  if (isStopping) return;
  isStopping = true;
  say(`Stopping (${reason}) …`);
  await endEverything();
  say("Stopped.");
  process.exit(exitCode);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => void stop(0, signal));
// A closed terminal or pipe must not end the launcher in the middle of stopping the others.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
if (process.env.npm_lifecycle_event === "start") {
  // npm, which may have a shell in between, can't pass on that it was ended by SIGKILL; other parents are how it shows.
  const ancestors = () => `${process.ppid} ${parentOf(process.ppid)}`;
  const first = ancestors();
  setInterval(() => ancestors() === first || void stop(1, "npm has ended"), 250).unref();
}

async function prepare() {
  try {
    const setup = await install();
    const settings = await readSettings(setup.node);
    if (!settings.ok) fail(settings.problems);
    for (const warning of settings.warnings) say(`Warning: ${warning}`);
    const taken = await portProblems(listenersOf(settings.config));
    if (taken.length > 0) fail(taken);
    if (hasWeb(settings.config)) await buildWeb(setup);
    return { node: setup.node, settings };
  } catch (error) {
    // A command that was ended by a stop failed because of it: `stop` exits when all are gone.
    if (isStopping) return new Promise(() => undefined);
    fail([error.message]);
  }
}

const { node, settings } = await prepare();
const { config } = settings;
const supervisor = createSupervisor({ node, say, onGiveUp: () => void stop(1, "a process can not be kept running") });
endEverything = () => supervisor.stop(STOP_GROUPS, STOP_GRACE_MS);

const env = environmentOf(settings);
const hostname = connectableHost(config.host);
const stopped = () => isStopping;

if (hasWeb(config)) {
  supervisor.start({
    name: "web UI",
    module: inRoot("web/node_modules/next/dist/bin/next"),
    args: ["start", "--port", String(config.web.port), "--hostname", config.host],
    cwd: inRoot("web"),
    env: { ...env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    isPrefixed: true,
    isNoise: (line) => NEXT_BANNER.test(line),
  });
}
if (config.azure.kind === "emulator" && config.azure.isStartedHere) {
  // It stands for Azure with no sign-in worth the name, and the API reaches it on loopback: it listens nowhere else.
  supervisor.start({
    name: "emulator",
    module: inRoot("api/arm-emulator/main.ts"),
    cwd: ROOT,
    env: { ...env, SLIPWAY_HOST: "127.0.0.1" },
    isPrefixed: true,
  });
  await untilListening({ hostname: "127.0.0.1", port: config.azure.port, isStopping: stopped });
}
supervisor.start({ name: "API", module: inRoot("api/src/main.ts"), cwd: ROOT, env });

const headers = { host: config.api.allowedHosts[0] };
await untilReady({
  targets: [
    { name: "API", hostname, port: config.api.port, path: "/readyz", headers },
    ...(hasWeb(config) ? [{ name: "web UI", hostname, port: config.web.port, path: "/", headers }] : []),
  ],
  isStopping: stopped,
  say,
});
if (!isStopping) say(`Slipway is ready: ${hasWeb(config) ? config.web.publicUrl : config.api.publicUrl}`);
