import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { AppError } from "../shared/app-error.ts";

/** Whoever brings bad credentials again and again has to wait. Good ones are let in meanwhile: an address may be many people. */
export class TooManySignInFailuresError extends AppError {
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super("RATE_LIMITED", `Too many sign-ins from your address have failed. Try again in ${retryAfterSeconds} s.`);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Counts failed sign-ins of each address within a minute, in this process. */
export interface SignInBackOff {
  /** @throws TooManySignInFailuresError when it was one too many */
  countFailure(address: string): Promise<void>;
  /** @throws TooManySignInFailuresError while the address has to wait */
  check(address: string): Promise<void>;
}

const WINDOW_S = 60;

/** `failures`: how many within a minute; 0 sets no limit. */
export function createSignInBackOff(failures: number, onRefusal: (code: string) => void): SignInBackOff {
  if (failures === 0) return { countFailure: async () => undefined, check: async () => undefined };
  const limiter = new RateLimiterMemory({ points: failures, duration: WINDOW_S });

  function refuse(msBeforeNext: number): never {
    onRefusal("SIGN_IN_BACK_OFF");
    throw new TooManySignInFailuresError(Math.ceil(msBeforeNext / 1000));
  }

  return {
    async countFailure(address) {
      try {
        await limiter.consume(address);
      } catch (rejected) {
        if (!(rejected instanceof RateLimiterRes)) throw rejected;
        refuse(rejected.msBeforeNext);
      }
    },
    async check(address) {
      const found = await limiter.get(address);
      if (found && found.consumedPoints > failures) refuse(found.msBeforeNext);
    },
  };
}
