/** `npm test`: sets up what is missing, then runs every gate and every test, and ends with `N passed, N failed`. */
import { GATES } from "./checks/gates.mjs";
import { SIDE_BY_SIDE, finish, gatePart, runParts, sumOf } from "./checks/run-parts.mjs";
import { BROWSER_SUITE, SUITES, suiteHasTests, suitePart } from "./checks/suites.mjs";
import { buildWeb } from "./setup/build-web.mjs";
import { endOnSignal } from "./setup/end-on-signal.mjs";
import { install } from "./setup/install.mjs";
import { say } from "./setup/progress.mjs";
import { ensureSystemPackages, findProgram } from "./setup/system-packages.mjs";

function withTests(suite) {
  if (suiteHasTests(suite)) return true;
  say(`– ${suite.name}: there are none yet`);
  return false;
}

async function runEverything() {
  const setup = await install();
  const { env } = setup;
  const hasBrowserTests = withTests(BROWSER_SUITE);
  await ensureSystemPackages(hasBrowserTests ? ["redis", "browser"] : ["redis"]);

  const suites = SUITES.filter(withTests).map((suite) => suitePart(suite, env));
  const gates = GATES.map((gate) => gatePart(gate, env));
  const results = [await runParts([...suites, ...gates], SIDE_BY_SIDE)];
  if (hasBrowserTests) {
    const browserPart = {
      name: BROWSER_SUITE.name,
      run: async () => {
        await buildWeb(setup);
        const browserEnv = { CHROMIUM_PATH: findProgram("chromium"), ...env };
        return suitePart(BROWSER_SUITE, browserEnv).run();
      },
    };
    results.push(await runParts([browserPart], 1));
  }
  return sumOf(results);
}

endOnSignal();
try {
  finish(await runEverything());
} catch (error) {
  say(error.message);
  finish({ passed: 0, failed: 1, skipped: 0 });
}
