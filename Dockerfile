# syntax=docker/dockerfile:1

# The image runs on a PostgreSQL of yours (DATABASE_URL): it carries neither the embedded one nor the stand-in for 42.

FROM node:22-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY packages/protocol/package.json packages/protocol/
COPY packages/instance-lock/package.json packages/instance-lock/
COPY packages/fake-42/package.json packages/fake-42/
COPY packages/client/package.json packages/client/
COPY packages/web/package.json packages/web/
RUN npm ci --omit=optional --no-audit --no-fund
COPY . .
RUN npm run build

FROM node:22-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# All manifests, or npm finds the lock file out of step; npm links every workspace, so the stand-in's link goes again.
COPY packages/protocol/package.json packages/protocol/
COPY packages/instance-lock/package.json packages/instance-lock/
COPY packages/fake-42/package.json packages/fake-42/
COPY packages/client/package.json packages/client/
COPY packages/web/package.json packages/web/
RUN npm ci --omit=dev --omit=optional --no-audit --no-fund \
  && rm -r node_modules/@sealgate/fake-42 packages/fake-42 node_modules/@sealgate/client packages/client \
    node_modules/@sealgate/web packages/web

FROM node:22-slim
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
# Owned by root: what runs here cannot change its own code.
COPY --from=dependencies /app ./
COPY --from=build /app/packages/protocol/dist packages/protocol/dist
COPY --from=build /app/packages/instance-lock/dist packages/instance-lock/dist
COPY --from=build /app/dist dist
RUN install --directory --owner=node --group=node --mode=700 /data
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/readyz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/src/main.js"]
