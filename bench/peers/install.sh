#!/usr/bin/env bash
# Installs the peers that bench measures NeuroStore against, from Debian and npm, into
# bench/peers/build. Nothing of it is part of NeuroStore. A peer that cannot be installed is named
# at the end and stays a named gap in the tables.
set -uo pipefail
cd "$(dirname "$0")"
mkdir -p build
gaps=()

sudo=""
[ "$(id -u)" = 0 ] || sudo="sudo"
$sudo apt-get update -qq
for package in g++ libsqlite3-0 liblmdb0 librocksdb7.8 libfaiss-dev libopenblas-dev \
  libhnswlib-dev python3-torch libvips42 libturbojpeg0; do
  $sudo apt-get install -y -qq --no-install-recommends "$package" >/dev/null || gaps+=("$package")
done

if [ -f /usr/include/faiss/IndexFlat.h ] && command -v g++ >/dev/null; then
  g++ -O2 -shared -fPIC -o build/libfaiss_shim.so faiss_shim.cpp \
    -lfaiss -lopenblas -lgomp || gaps+=("faiss shim")
fi

if [ -f /usr/include/hnswlib/hnswlib.h ] && command -v g++ >/dev/null; then
  g++ -O3 -march=native -DNDEBUG -shared -fPIC -o build/libhnswlib_shim.so hnswlib_shim.cpp \
    || gaps+=("hnswlib shim")
fi

npm install --silent --no-save --ignore-scripts --prefix build \
  sqlite-vec@0.1.9 @duckdb/node-api@1.5.6-r.1 onnxruntime-node@1.30.0 usearch@2.26.2 \
  || gaps+=("npm packages")
find build/node_modules -name vec0.so -exec cp {} build/vec0.so \;
find build/node_modules -name libduckdb.so -exec cp {} build/libduckdb.so \;
find build/node_modules -path '*linux/x64*' -name 'libonnxruntime.so*' \
  -exec cp {} build/libonnxruntime.so.1 \;

# Without its NumKong, whose float kernels compute in double precision here, and with the compiler's
# own vectorisation it is six times as fast.
usearch=build/node_modules/usearch
if [ -d "$usearch/c" ] && command -v g++ >/dev/null; then
  g++ -Ofast -march=native -std=c++17 -DNDEBUG -DUSEARCH_USE_NUMKONG=0 -DUSEARCH_USE_FP16LIB=0 \
    -I"$usearch/include" -I"$usearch/c" -shared -fPIC -o build/libusearch.so "$usearch/c/lib.cpp" \
    || gaps+=("USearch")
fi

for file in vec0.so libduckdb.so libonnxruntime.so.1 libfaiss_shim.so libhnswlib_shim.so \
  libusearch.so; do
  [ -f "build/$file" ] || gaps+=("$file")
done

if [ "${#gaps[@]}" -gt 0 ]; then
  echo "missing peers: ${gaps[*]}"
  exit 1
fi
echo "all peers are installed in $(pwd)/build"
