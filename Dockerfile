# opps as one process of its own: docker build -t opps . ; it runs as nobody in particular, on a read-only root.

FROM python:3.13-slim AS builder
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /source
RUN python -m venv /opt/opps && python -m venv /opt/build
COPY requirements.lock requirements-dev.lock ./
# What opps runs with, and what builds its wheel: both to the byte as they were locked.
RUN /opt/opps/bin/pip install --only-binary :all: --require-hashes -r requirements.lock \
    && awk '/^[a-z]/ {wanted = /^(hatchling|packaging|pathspec|pluggy|tomlkit|trove-classifiers)==/} wanted' \
        requirements-dev.lock > build.lock \
    && /opt/build/bin/pip install --only-binary :all: --require-hashes -r build.lock
COPY pyproject.toml README.md LICENSE ./
COPY operations operations
COPY src src
RUN /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir dist . \
    && /opt/opps/bin/pip install --no-deps dist/*.whl \
    && /opt/opps/bin/python -m compileall -q /opt/opps/lib

FROM python:3.13-slim
LABEL org.opencontainers.image.title="opps" \
    org.opencontainers.image.licenses="Apache-2.0"
ENV PATH=/opt/opps/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/var/lib/opps \
    OPPS_DATA_DIRECTORY=/var/lib/opps \
    OPPS_HOST=0.0.0.0 \
    OPPS_PORT=8000 \
    OPPS_METRICS_HOST=0.0.0.0 \
    OPPS_METRICS_PORT=9000 \
    OPPS_LOG_FORMAT=json
RUN groupadd --gid 10001 opps \
    && useradd --uid 10001 --gid opps --home-dir /var/lib/opps --no-create-home --shell /usr/sbin/nologin opps \
    && install -d -o opps -g opps -m 0700 /var/lib/opps
COPY --from=builder /opt/opps /opt/opps
# A number, so that Kubernetes can see that it is not root.
USER 10001:10001
WORKDIR /var/lib/opps
# The keys of personal data and what was signed; nothing else is written but /tmp.
VOLUME /var/lib/opps
EXPOSE 8000 9000
# The port for operators is open in a server and in a projector.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:9000/healthz', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["opps"]
CMD ["serve"]
