# Two images: `docker build --target api -t slipway-api .` and `docker build --target web -t slipway-web .`; docs/deployment.md runs them.
FROM node:24-bookworm-slim AS build
WORKDIR /slipway
ENV NEXT_TELEMETRY_DISABLED=1
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml tsconfig.base.json schema.graphql ./
COPY api/package.json api/
COPY web/package.json web/
COPY e2e/package.json e2e/
RUN npx -y pnpm@12.21.0 install --frozen-lockfile --filter slipway --filter @slipway/api --filter @slipway/web
COPY api/src api/src
COPY web web
RUN npx -y pnpm@12.21.0 --filter @slipway/api deploy --prod --legacy /out/api
# Next's own switch for a server that carries just the modules it needs.
RUN cd web && NODE_ENV=production NEXT_PRIVATE_STANDALONE=true node node_modules/next/dist/bin/next build \
  && cp -r .next/static .next/standalone/web/.next/static && if [ -d public ]; then cp -r public .next/standalone/web/public; fi

FROM node:24-bookworm-slim AS runtime
ENV NODE_ENV=production SLIPWAY_HOST=0.0.0.0 NEXT_TELEMETRY_DISABLED=1
# Nothing here is run as root or installs anything.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /opt/yarn-*
WORKDIR /slipway
USER node

FROM runtime AS api
COPY --from=build --chown=root:root /out/api/package.json /slipway/api/package.json
COPY --from=build --chown=root:root /out/api/node_modules /slipway/api/node_modules
COPY --from=build --chown=root:root /out/api/src /slipway/api/src
COPY --chown=root:root operations.json /slipway/operations.json
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+(process.env.SLIPWAY_API_PORT||4000)+'/healthz').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
CMD ["node", "--disable-warning=ExperimentalWarning", "api/src/main.ts"]

FROM runtime AS web
ENV PORT=3000 HOSTNAME=0.0.0.0
COPY --from=build --chown=root:root /slipway/web/.next/standalone /slipway
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+process.env.PORT+'/').then(r=>process.exit(r.status<500?0:1),()=>process.exit(1))"]
CMD ["node", "web/server.js"]
