/**
 * How much faster than Azure the Azure we talk to is: the emulator's speed, 1 for Azure. It divides every wait, bound and
 * expected range that faces Azure; stored times, elapsed times and protocol timers stay real.
 */
export interface AzureTime {
  scale(): number;
  /** A wait of `ms` of Azure's time in real milliseconds, never under 250 so that a fast clock can't make us hammer. */
  toRealMs(ms: number): number;
  /** A limit of `ms` of Azure's time in real milliseconds. Infinite while Azure's clock is moved by hand: it may stand. */
  toRealLimitMs(ms: number): number;
  /** The emulator's clock is moved by hand, so real time says nothing about Azure's. */
  isByHand(): boolean;
  /** Real milliseconds in Azure's time, for figures that must be comparable between speeds. */
  toAzureMs(realMs: number): number;
  /**
   * A time that Azure tells (epoch ms), by our own clock. Azure's clock is ours; the emulator's runs ahead by its speed, and
   * stands still while it is not running. Two conversions of one time may differ by milliseconds: keep the first.
   */
  toOwnTime(azureTimeMs: number): number;
  /**
   * What the emulator's clock shows (epoch ms) at `ownTimeMs` of ours, so that time which somebody else sped up, advanced or
   * stopped is measured right. Undefined when nobody tells it: Azure's clock is ours.
   */
  clockAt(ownTimeMs: number): number | undefined;
  /** Called when the emulator says what its clock shows. */
  setClock(azureNowMs: number, ownNowMs: number): void;
  /** Called when the emulator says that its speed has changed. A speed of 0 (a clock moved by hand) leaves the shortest waits. */
  setScale(scale: number): void;
}

const SHORTEST_WAIT_MS = 250;
const BY_HAND_SCALE = 1_000_000;

export function createAzureTime(initialScale: number): AzureTime {
  let current = normalise(initialScale);
  let clocks: { readonly azureMs: number; readonly ownMs: number } | undefined;
  const isByHand = (): boolean => current === BY_HAND_SCALE;
  const toRealMs = (ms: number): number => Math.max(SHORTEST_WAIT_MS, ms / current);
  return {
    scale: () => current,
    toRealMs,
    toRealLimitMs: (ms) => (isByHand() ? Number.POSITIVE_INFINITY : toRealMs(ms)),
    isByHand,
    toAzureMs: (realMs) => realMs * current,
    toOwnTime: (azureTimeMs) => (clocks ? clocks.ownMs - (clocks.azureMs - azureTimeMs) / current : azureTimeMs),
    clockAt: (ownTimeMs) => clocks && clocks.azureMs + (isByHand() ? 0 : (ownTimeMs - clocks.ownMs) * current),
    setClock(azureMs, ownMs) {
      clocks = { azureMs, ownMs };
    },
    setScale(scale) {
      current = normalise(scale);
    },
  };
}

function normalise(scale: number): number {
  return scale > 0 ? scale : BY_HAND_SCALE;
}
