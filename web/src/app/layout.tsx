import "./globals.css";
import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import { connection } from "next/server";
import type { ReactNode } from "react";
import { readApiAddress } from "../config/api-address.ts";
import { AppHeader } from "../features/session/app-header.tsx";
import { SessionEndedNotice } from "../features/session/session-ended-notice.tsx";
import { SignInScreen } from "../features/session/sign-in-screen.tsx";
import { StoreNotice } from "../features/session/store-notice.tsx";
import { parseTheme, THEME_COOKIE } from "../features/session/theme.ts";
import { dataOf, hasSession, isNotLetIn, queryApi, refusalOf } from "../graphql/query-api.ts";
import { sessionQuery } from "../graphql/session-documents.ts";
import { APP_ICON } from "../lib/app-icon.ts";
import { Providers } from "./providers.tsx";

export const metadata: Metadata = {
  title: { default: "Clusters · Slipway", template: "%s · Slipway" },
  description: "Create AKS clusters and watch them being made, live.",
};

export const viewport: Viewport = { width: "device-width", initialScale: 1, colorScheme: "light dark" };

/** The frame of every page. It is rendered for each request, since the API's address and the theme are known only then. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  await connection();
  const [cookieJar, answer, isSessionThere] = await Promise.all([cookies(), queryApi(sessionQuery, {}), hasSession()]);
  const theme = parseTheme(cookieJar.get(THEME_COOKIE)?.value);
  const { publicUrl: apiUrl, publicWebSocketUrl } = readApiAddress();
  return (
    <html lang="en" data-theme={theme === "system" ? undefined : theme}>
      <head>
        <link rel="icon" type="image/svg+xml" href={APP_ICON} />
      </head>
      <body className="min-h-dvh">
        {isNotLetIn(answer) ? (
          <SignInScreen apiUrl={apiUrl} refusal={refusalOf(answer)} />
        ) : (
          <Providers
            webSocketUrl={publicWebSocketUrl}
            session={dataOf(answer)}
            signIn={isSessionThere ? { apiUrl } : undefined}
            renderedAtMs={Date.now()}
          >
            <a
              href="#content"
              className="filled sr-only rounded-control bg-accent px-4 py-2 font-semibold text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50"
            >
              Skip to content
            </a>
            <AppHeader theme={theme} />
            <SessionEndedNotice />
            <main id="content" tabIndex={-1} className="mx-auto max-w-[1180px] px-3.5 py-6 outline-none sm:px-6">
              <StoreNotice />
              {children}
            </main>
          </Providers>
        )}
      </body>
    </html>
  );
}
