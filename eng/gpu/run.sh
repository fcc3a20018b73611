#!/usr/bin/env bash
# Tests and measures on a machine with a GPU, of which it needs bash, tar, xz (or python3) and the driver: what eng/gpu/publish.sh made lies in .gpu/app.txz.
# usage: eng/gpu/run.sh [--device cuda:0] [--tier short|full] [--seconds S] [PART]...
#   info      what the driver and lazyhost say of the devices
#   contract  the contract suite, in short unless --tier full
#   tests     the other tests of the backend
#   train     lazyhost train mnist
#   gpu       bandwidths, kernels, products and host times beside their limits
#   bench     lazyhost bench: the workloads of the performance table
#   captured  the same as captured functions
#   peer      the same in PyTorch, eager and torch.compile, where python3 has it
# Without parts: all. A part that fails or takes too long is told, and the next one begins. At the end: a table of bench, captured and peer.
# What they wrote lies under $OUT, .gpu/out by default.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
device=cuda:0 tier=short seconds=1 parts=()
while [ $# -gt 0 ]; do
  case $1 in
    --device) device=$2; shift 2 ;;
    --tier) tier=$2; shift 2 ;;
    --seconds) seconds=$2; shift 2 ;;
    info | contract | tests | train | gpu | bench | captured | peer) parts+=("$1"); shift ;;
    *) sed -n '3,13s/^# //p' "$0"; exit 2 ;;
  esac
done
[ ${#parts[@]} -gt 0 ] || parts=(info contract train gpu bench captured peer tests)
out=$(realpath -m "${OUT:-.gpu/out}")
[ -f .gpu/app.txz ] || { echo ".gpu/app.txz is not here: run eng/gpu/publish.sh where there is .NET"; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"
if command -v xz >/dev/null; then tar -C "$work" -xJf .gpu/app.txz; else python3 -m tarfile -e .gpu/app.txz "$work"; fi || exit 1
app=$work/app
export LAZYHOST_TEST_DEVICE=${device%%:*} LAZYHOST_CONTRACT_TIER=$tier
contract=LazyHost.Ilgpu.Tests.ContractTests.IlgpuContractTests

# cuBLAS often lies where the loader does not look: with a toolkit, or among Python's packages.
if ! ldconfig -p 2>/dev/null | grep -q 'libcublas\.so\.1[123]'; then
  for library in /usr/local/cuda*/lib64/libcublas.so.1[123] $(command -v python3 >/dev/null && python3 -c 'import glob, sys
print(*(f for p in sys.path for f in sorted(glob.glob(p + "/nvidia/*/lib/libcublas.so.1[123]"))))'); do
    [ -e "$library" ] && export LD_LIBRARY_PATH=${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$(dirname "$library") && echo "cuBLAS: $library" && break
  done
fi

failed=()
declare -A begun=()
# part NAME LIMIT FILE COMMAND...: what it writes goes to FILE and, by the end of it, is shown; its standard error goes to log.txt.
part() {
  local name=$1 limit=$2 file=$3 start=$SECONDS status
  shift 3
  [[ " ${parts[*]} " == *" $name "* ]] || return 0
  echo "== $name"
  for written in "$file" log.txt; do
    # What an earlier run left is not of this one.
    [ -n "${begun[$written]:-}" ] || : >"$out/$written"
    begun[$written]=yes
  done
  echo "== $name" >>"$out/log.txt"
  timeout -k 5 "$limit" "$@" >>"$out/$file" 2>>"$out/log.txt" </dev/null
  status=$?
  tail -n "${lines:-40}" "$out/$file"
  case $status in
    0) echo "-- $name: done in $((SECONDS - start)) s" ;;
    124 | 137) echo "-- $name: stopped after $limit s"; failed+=("$name") ;;
    *) tail -n 5 "$out/log.txt"; echo "-- $name: failed with status $status after $((SECONDS - start)) s"; failed+=("$name") ;;
  esac
}

part info 20 log.txt nvidia-smi
part info 60 log.txt "$app/lazyhost" devices -v
lines=4 part contract 400 contract.txt "$app/LazyHost.Ilgpu.Tests" -noColor -class "$contract"
lines=2 part train 90 train.jsonl "$app/lazyhost" train mnist --device "$device" --json
lines=200 part gpu 180 gpu.txt "$app/LazyHost.GpuBenchmarks" --device "$device"
lines=3 part bench 150 bench.jsonl "$app/lazyhost" bench --device "$device" --seconds "$seconds" --json
lines=3 part captured 150 captured.jsonl "$app/lazyhost" bench --device "$device" --seconds "$seconds" --variant captured --json
if [[ " ${parts[*]} " == *" peer "* ]]; then
  if python3 -c 'import torch' 2>/dev/null; then
    lines=3 part peer 200 peer.jsonl python3 eng/gpu/peer.py --seconds "$seconds"
  else
    echo "-- peer: left out, python3 has no torch"
  fi
fi
lines=4 part tests 200 contract.txt "$app/LazyHost.Ilgpu.Tests" -noColor -class- "$contract"
[ -z "${begun[bench.jsonl]:-}${begun[captured.jsonl]:-}${begun[peer.jsonl]:-}" ] ||
  "$app/LazyHost.GpuBenchmarks" table "$out/bench.jsonl" "$out/captured.jsonl" "$out/peer.jsonl" | tee "$out/table.txt"
[ ${#failed[@]} -eq 0 ] || { echo "not well: ${failed[*]}"; exit 1; }
