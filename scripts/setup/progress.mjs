/** Tells a person what goes on, a line for each thing that takes time. */

export function say(line) {
  process.stdout.write(`${line}\n`);
}

export function seconds(sinceMs) {
  return `${((Date.now() - sinceMs) / 1000).toFixed(1)} s`;
}

/** Runs `work`, with its name and its duration on screen. */
export async function step(name, work) {
  const startedMs = Date.now();
  say(`${name} …`);
  const result = await work();
  say(`${name}: done in ${seconds(startedMs)}`);
  return result;
}
