# The same scripts and the same commands as `make up`, in a container.
FROM debian:12-slim

# Makes setup leave PostgreSQL out: it is a container of its own.
ENV DATABASE_URL=postgresql://bienmap@database/bienmap \
    PATH=/opt/bienmap/.venv/bin:$PATH \
    BIENMAP_STATE=/var/lib/bienmap

WORKDIR /opt/bienmap
COPY scripts/setup scripts/system.sh scripts/uv.lock scripts/node.lock scripts/
COPY requirements.lock package.json package-lock.json .npmrc ./
# libexpat1 is what the packaged GDAL still takes from the system.
RUN bash -c '. scripts/system.sh && apt_install ca-certificates libexpat1 python3 python3-venv' \
    && scripts/setup \
    && useradd --system --home-dir /var/lib/bienmap --create-home bienmap \
    && rm -rf /var/lib/apt/lists/* /root/.cache /root/.npm
COPY . .

USER bienmap
VOLUME /var/lib/bienmap
EXPOSE 8000
HEALTHCHECK --interval=10s --start-period=180s --retries=6 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/api/v1/health', timeout=5)"]
CMD ["sh", "-c", "bienmap prepare && exec bienmap serve --host 0.0.0.0 --port 8000"]
