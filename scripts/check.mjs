/** `pnpm check`: every gate but the tests, and the proof that the import boundaries hold; each says what mends it. */
import { GATES } from "./checks/gates.mjs";
import { SIDE_BY_SIDE, finish, gatePart, runParts } from "./checks/run-parts.mjs";
import { SCRIPTS_SUITE, suitePart } from "./checks/suites.mjs";
import { endOnSignal } from "./setup/end-on-signal.mjs";
import { install } from "./setup/install.mjs";

endOnSignal();
const { env } = await install();
const parts = [...GATES.map((gate) => gatePart(gate, env)), suitePart(SCRIPTS_SUITE, env)];
finish(await runParts(parts, SIDE_BY_SIDE));
