# The same scripts and the same commands as `make up`, in two images.

# PostGIS as `make up` installs it: the versions that the tests run on, with Debian's security
# updates, on amd64 and arm64.
FROM debian:12-slim AS database
ENV PATH=/usr/lib/postgresql/15/bin:$PATH \
    PGDATA=/var/lib/postgresql/data
COPY scripts/system.sh scripts/container-database.sh /opt/bienmap/scripts/
# The account is numbered here, or the files of a volume would change owners with Debian's packages.
# A private key that a package made while the image was built is everybody's.
RUN groupadd --system --gid 999 postgres \
    && useradd --system --uid 999 --gid postgres --home-dir /var/lib/postgresql postgres \
    && bash -c '. /opt/bienmap/scripts/system.sh && install_postgis' \
    && rm -rf /var/lib/apt/lists/* /var/lib/postgresql /etc/ssl/private/* \
    && install --directory --owner=postgres --group=postgres --mode=700 \
        /var/lib/postgresql /run/postgresql
USER postgres
VOLUME /var/lib/postgresql
STOPSIGNAL SIGINT
ENTRYPOINT ["/opt/bienmap/scripts/container-database.sh"]
CMD ["postgres"]

FROM debian:12-slim AS product
# DATABASE_URL makes setup leave PostgreSQL out: it is a container of its own.
ENV DATABASE_URL=postgresql://bienmap@database/bienmap \
    PATH=/opt/bienmap/.venv/bin:$PATH \
    BIENMAP_STATE=/var/lib/bienmap
WORKDIR /opt/bienmap
COPY scripts/setup scripts/system.sh scripts/uv.lock scripts/node.lock scripts/
COPY requirements.lock package.json package-lock.json .npmrc ./
# libexpat1 is what the packaged GDAL still takes from the system. Node and uv only install.
RUN bash -c '. scripts/system.sh && apt_install ca-certificates libexpat1 python3 python3-venv' \
    && scripts/setup \
    && python -m pip uninstall --quiet --yes -r scripts/node.lock -r scripts/uv.lock \
    && useradd --system --uid 999 --home-dir /var/lib/bienmap bienmap \
    && install --directory --owner=bienmap --group=bienmap --mode=700 /var/lib/bienmap \
    && rm -rf /var/lib/apt/lists/* /root/.cache /root/.npm
COPY . .
USER bienmap
EXPOSE 8000
CMD ["sh", "-c", "bienmap prepare && exec bienmap serve --host 0.0.0.0 --port 8000"]
