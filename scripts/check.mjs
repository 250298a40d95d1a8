/** `pnpm check`: every gate but the tests, and the proof that the import boundaries hold; each says what mends it. */
import { GATES } from "./checks/gates.mjs";
import { finish, gatePart, runParts } from "./checks/run-parts.mjs";
import { SCRIPTS_SUITE, suitePart } from "./checks/suites.mjs";
import { endOnSignal } from "./setup/end-on-signal.mjs";
import { install } from "./setup/install.mjs";

endOnSignal();
const { env } = await install();
finish(
  await runParts(
    GATES.map((gate) => gatePart(gate, (folder) => withTools(env, folder))),
    2,
  ),
);
