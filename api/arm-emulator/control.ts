import {
  ControlInputError,
  parseClockAdvance,
  parseClockSpeed,
  parseFault,
  parseReset,
  parseScenario,
} from "./control-input.ts";
import type { Faults } from "./faults.ts";
import type { ArmReply, World } from "./provider.ts";
import { runBody } from "./providers/containerregistry/run.ts";
import type { RequestLog } from "./request-log.ts";
import type { Scenario } from "./scenarios.ts";
import type { SeedName } from "./seed/seeds.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** What a test or a demo asks of the emulator itself, under `/_emulator/`: JSON, loopback only. */
export type ControlPlane = {
  answer(request: ControlRequest, remoteAddress: string): ArmReply;
};

export type ControlRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
};

type Handler = (request: ControlRequest, id: string) => unknown;

export function createControlPlane(parts: {
  world: World;
  clock: VirtualClock;
  faults: Faults;
  log: RequestLog;
  /** The operation names of all routes. */
  operations: readonly string[];
  /** Runs a change in one transaction, with the world brought up to the present before and after it. */
  change: <Result>(work: () => Result) => Result;
  reset: (seed: SeedName) => void;
  setScenario: (scenario: Scenario) => void;
}): ControlPlane {
  const { world, clock, faults, log, operations, change, reset, setScenario } = parts;
  const clockState = (): object => ({ now: new Date(clock.now()).toISOString(), speed: clock.speed() });

  const handlers: Record<string, Handler> = {
    "GET state": () =>
      change(() => ({
        ...clockState(),
        resources: world.resources.list({}).map(({ body }) => body),
        operations: world.operations.list().map(({ startMs, endMs, ...operation }) => ({
          ...operation,
          startTime: new Date(startMs).toISOString(),
          ...(endMs !== undefined && { endTime: new Date(endMs).toISOString() }),
        })),
        runs: world.runs.all().map((run) => ({ ...runBody(run), images: run.request.images, scenario: run.scenario })),
        scenarios: world.scenarios.list(),
        faults: faults.list(),
      })),
    "GET clock": clockState,
    "POST reset": ({ text }) => {
      reset(parseReset(text));
      return {};
    },
    "PUT clock": ({ text }) =>
      change(() => {
        clock.setSpeed(parseClockSpeed(text));
        return clockState();
      }),
    "POST clock/advance": ({ text }) =>
      change(() => {
        clock.advance(parseClockAdvance(text));
        return clockState();
      }),
    "GET faults": () => faults.list(),
    "POST faults": ({ text }) => change(() => ({ id: faults.add(parseFault(text, operations)).id })),
    "DELETE faults": (_request, id) =>
      change(() => {
        if (id === "") faults.removeAll();
        else if (!faults.remove(id))
          throw new ControlInputError(`There is no fault '${id}'; it may have used up its times.`, 404);
        return {};
      }),
    "GET scenarios": () => world.scenarios.list(),
    "POST scenarios": ({ text }) =>
      change(() => {
        const scenario = parseScenario(text);
        setScenario(scenario);
        return scenario;
      }),
    "GET requests": ({ query }) => log.since(Number.parseInt(query.get("since") ?? "0", 10) || 0),
  };

  return {
    answer(request, remoteAddress) {
      if (!isLoopback(remoteAddress)) {
        return refusal(403, `The control plane answers loopback addresses only, not '${remoteAddress}'.`);
      }
      const foreign = [request.headers["host"], request.headers["origin"]].find((name) => !isLoopbackName(name));
      if (foreign !== undefined) {
        return refusal(403, `The control plane answers programs of this machine only, not pages of '${foreign}'.`);
      }
      const path = request.path.slice("/_emulator/".length).replace(/\/$/, "");
      const [, faultId] = /^faults\/([^/]+)$/.exec(path) ?? [];
      const handler = handlers[`${request.method} ${faultId === undefined ? path : "faults"}`];
      if (!handler || (faultId !== undefined && request.method !== "DELETE")) {
        const calls = Object.keys(handlers).join(", ");
        return refusal(404, `'${request.method} ${path}' is no call of the control plane; there are: ${calls}.`);
      }
      try {
        return { status: 200, body: handler(request, faultId ?? "") };
      } catch (error) {
        if (error instanceof ControlInputError) return refusal(error.status, error.message);
        throw error;
      }
    },
  };
}

function isLoopback(address: string): boolean {
  return address === "::1" || address.startsWith("127.") || address.startsWith("::ffff:127.");
}

/** A page of another site, sent by a browser of this machine, names itself in Origin or in Host. */
function isLoopbackName(name: string | undefined): boolean {
  return name === undefined || /^(https?:\/\/)?(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i.test(name);
}

function refusal(status: number, message: string): ArmReply {
  return { status, body: { error: { code: "ControlPlane", message } } };
}
