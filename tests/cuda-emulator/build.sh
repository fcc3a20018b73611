#!/usr/bin/env bash
# Makes the emulated driver and the emulated cuBLAS, each in a folder of its own so that one can be had without the other: usage: build.sh OUT
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=$1
mkdir -p "$out"/{objects,driver,cublas}
flags=(-std=c++17 -O3 -march=native -ffp-contract=off -fno-math-errno -fno-trapping-math -fPIC -fvisibility=hidden -Wall -Wextra -pthread)
compile() { # SOURCE
  local object=$out/objects/$(basename "$1" .cpp).o
  if [ ! -e "$object" ] || [ -n "$(find "$here" \( -name '*.h' -o -name build.sh -o -path "$1" \) -newer "$object" -print -quit)" ]; then g++ "${flags[@]}" -c "$1" -o "$object"; fi
}

running=0
for source in "$here"/{ptx,machine,driver,cublas}/*.cpp; do
  compile "$source" &
  running=$((running + 1))
  if [ "$running" -ge "$(nproc)" ]; then wait -n; running=$((running - 1)); fi
done
while [ "$running" -gt 0 ]; do wait -n; running=$((running - 1)); done
objects() { local folder; for folder in "$@"; do for source in "$here/$folder"/*.cpp; do echo "$out/objects/$(basename "$source" .cpp).o"; done; done; }
# Helper threads run in it for as long as the process: it is never unloaded.
g++ -shared -pthread -Wl,-soname,libcuda.so.1 -Wl,-z,nodelete -Wl,--no-undefined -o "$out/driver/libcuda.so.1" $(objects ptx machine driver)
g++ -shared -pthread -Wl,-soname,libcublas.so.12 -Wl,-z,nodelete -Wl,--no-undefined -Wl,-rpath,"\$ORIGIN/../driver" -o "$out/cublas/libcublas.so.12" $(objects cublas) "$out/driver/libcuda.so.1"
