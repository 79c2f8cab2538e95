# What is built here and how it is started is rehearsed without Docker by `npm run rehearse-image`, which reads this file.

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No install scripts: nothing that is built from needs one.
RUN npm ci --ignore-scripts
COPY nest-cli.json .swcrc tsconfig.json tsconfig.build.json ./
COPY src src
COPY scripts/build-studio.js scripts/name-build.js scripts/
RUN node node_modules/@nestjs/cli/bin/nest.js build
RUN node scripts/build-studio.js
RUN node scripts/name-build.js dist

FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Without the development packages, so without the Node of runtime/ and the embedded PostgreSQL.
RUN npm ci --omit=dev --ignore-scripts
# Optional peers, of @nestjs/terminus and of each other, that only development uses; npm keeps them because they are in the lock file.
RUN rm -r node_modules/@nestjs/swagger node_modules/typescript node_modules/.bin

FROM node:24-slim
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Inkwell" \
      org.opencontainers.image.description="A blog-and-users backend whose cached reads are never older than the last acknowledged write" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
ENV NODE_ENV=production
ENV MALLOC_ARENA_MAX=1
WORKDIR /app
# Each package keeps its package.json, which is what tools that list the contents of an image (SBOM) read.
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
# The API document, which the server shows at /docs.
COPY docs/openapi.json docs/
COPY package.json LICENSE ./
# The command line: `kubectl exec deployment/blog-inkwell -- inkwell --help`.
COPY scripts/inkwell /usr/local/bin/inkwell
# The user `node` of the base image, by number: Kubernetes can then see that it is not root.
USER 1000:1000
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/livez`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Not through npm, which does not wait for its child when it is stopped. The flag, and the arenas above: docs/operations.md, Memory.
CMD ["node", "--max-semi-space-size=2", "dist/main.js"]
