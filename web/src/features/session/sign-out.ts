import { resolveSameHost } from "../../config/api-address.ts";

/** Ends the session. By a form, not by a request of a script: it leads to the provider's own page, where the session there ends too. */
export function signOut(apiUrl: string): void {
  const form = document.createElement("form");
  form.method = "post";
  form.action = `${resolveSameHost(apiUrl, window.location.hostname)}/auth/sign-out`;
  document.body.append(form);
  form.submit();
}
