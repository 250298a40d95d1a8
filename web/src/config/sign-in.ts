/** Whether people sign in. The launcher has settled it, whatever it follows from. */
export function isSignInOn(): boolean {
  return process.env["SLIPWAY_AUTH"] === "oidc";
}
