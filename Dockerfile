# drawlab on any machine with Docker or Podman:
#   docker build -t drawlab .
#   docker run --rm -it -v drawlab-results:/work drawlab run /drawlab/experiments/quick_digits.yaml
# Results lie on the named volume: SQLite needs a local file system, which a mounted folder of the host often is not.
FROM debian:13-slim AS build
WORKDIR /drawlab
COPY . .
RUN ./bootstrap packages \
  && cmake --preset release -DDRAWLAB_TESTS=OFF \
  && cmake --build --preset release \
  && cmake --install build/release --prefix /opt/drawlab \
  && rm -rf build

FROM build
ENV PATH=/opt/drawlab/bin:$PATH
VOLUME /work
WORKDIR /work
ENTRYPOINT ["drawlab"]
CMD ["--help"]
