import { CommandError, runCommand } from "../setup/command.mjs";
import { ROOT, inRoot } from "../setup/workspace.mjs";

/**
 * The settings as the API itself reads them: `{ok: true, config, warnings, environment}` or `{ok: false, problems}`.
 * `environment` is this process's with `.env` under it.
 */
export async function readSettings(node) {
  const command = [node, inRoot("api/src/config/check-config.ts"), ROOT];
  const { code, output, stdout } = await runCommand(command);
  if (code !== 0) throw new CommandError(command, code, output);
  // Node writes warnings of its own to the other stream.
  return JSON.parse(stdout);
}

/**
 * The environment of the processes to start: defaults and relative paths resolved once, so that no two of them can read
 * a setting differently.
 */
export function environmentOf({ config, environment }) {
  const { azure } = config;
  return {
    ...environment,
    SLIPWAY_AUTH: config.auth.mode,
    SLIPWAY_HOST: config.host,
    SLIPWAY_WEB_PORT: String(config.web.port),
    SLIPWAY_API_PORT: String(config.api.port),
    SLIPWAY_ALLOWED_HOSTS: config.api.allowedHosts.join(","),
    SLIPWAY_DATA_DIR: config.dataDir,
    SLIPWAY_LOG_LEVEL: config.logLevel,
    ...(azure.kind === "emulator" && azure.isStartedHere && { SLIPWAY_EMULATOR_PORT: String(azure.port) }),
  };
}
