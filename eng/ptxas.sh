#!/usr/bin/env bash
# Has NVIDIA's assembler compile the kernels that the tests turn into PTX: those of the contract suite's short tier and those written in C#, for sm_80 and sm_90. After a Release build. Needs no GPU.
# ptxas is taken from the path, or from Debian 13's non-free packages (87 MB; its licence is NVIDIA's) into artifacts/ptxas. Exit status 3 and a line that says why where there is none.
# The last line is "ptxas: N compiled, N refused"; before it stand the kernels that spill registers.
set -euo pipefail
cd "$(dirname "$0")/.."
cannot() { echo "$1"; exit 3; }

out=artifacts/ptxas
if ! ptxas=$(command -v ptxas); then
  ptxas=$out/ptxas
  if [ ! -x "$ptxas" ]; then
    sources=/etc/apt/sources.list.d/debian.sources
    [ -f "$sources" ] || cannot "ptxas is not on the path, and cannot be fetched: $sources is not there"
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    mkdir -p "$work"/{parts,lists/partial,cache/archives/partial} "$out"
    : >"$work/status"
    printf 'Types: deb\nURIs: %s\nSuites: trixie\nComponents: non-free\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n' "$(awk '/^URIs:/{print $2; exit}' "$sources")" >"$work/parts/trixie.sources"
    options=(-o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$work/parts" -o Dir::State::lists="$work/lists" -o Dir::State::status="$work/status"
      -o Dir::Cache="$work/cache" -o APT::Sandbox::User=root -qq)
    apt-get "${options[@]}" update >/dev/null 2>&1 || cannot "ptxas is not on the path, and Debian's packages could not be listed: is there a network?"
    (cd "$work" && apt-get "${options[@]}" download nvidia-cuda-toolkit >/dev/null 2>&1) || cannot "ptxas is not on the path, and its package could not be fetched"
    dpkg-deb -x "$work"/nvidia-cuda-toolkit_*.deb "$work/toolkit"
    cp "$work/toolkit/usr/bin/ptxas" "$ptxas"
  fi
fi

rm -rf "$out/ptx" && mkdir -p "$out/ptx"
LAZYHOST_PTX_FOLDER=$(realpath "$out/ptx") dotnet artifacts/bin/LazyHost.Ilgpu.Tests/release/LazyHost.Ilgpu.Tests.dll -noColor -method '*PTX*' | tail -n 1
find "$out/ptx" -name '*.ptx' | PTXAS=$ptxas xargs -P "$(nproc)" -I{} sh -c 'a=$(basename {}); "$PTXAS" -v -arch="${a%%-*}" {} -o /dev/null >{}.log 2>&1; echo $? >{}.status'
grep -l '[1-9][0-9]* bytes spill' "$out"/ptx/*.log | while read -r log; do echo "$(grep -oE "entry function '[^']*' for '[^']*'" "$log" | head -n 1): $(grep -oE '[0-9]+ bytes spill stores' "$log" | head -n 1)"; done || true
for status in $(grep -L '^0$' "$out"/ptx/*.status); do echo "$status"; head -n 3 "${status%.status}.log"; done
compiled=$(grep -l '^0$' "$out"/ptx/*.status | wc -l) refused=$(grep -L '^0$' "$out"/ptx/*.status | wc -l)
echo "ptxas: $compiled compiled, $refused refused"
[ "$refused" -eq 0 ] && [ "$compiled" -gt 0 ]
