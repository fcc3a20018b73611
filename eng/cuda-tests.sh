#!/usr/bin/env bash
# The tests of the ILGPU backend on an emulated CUDA driver, then unloading, a short training and the benchmarks' small sizes there: after a Release build. An emulation: it says nothing about speed, nor about a real driver.
# The last line is "CUDA emulator: N passed, N failed, N skipped".
# LAZYHOST_CONTRACT_TIER=full runs the whole contract suite, and the tests of kernels that the suite covers as well; arguments go to the tests of the backend. Exit status 3 and a line that says why where this machine has no g++.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
if ! command -v g++ >/dev/null; then echo "Tests on the CUDA emulator were skipped: there is no g++ to compile it"; exit 3; fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0 failed=0 skipped=0
emulator=$PWD/artifacts/cuda-emulator
tests/cuda-emulator/build.sh "$emulator" || { echo "CUDA emulator: 0 passed, 1 failed, 0 skipped"; exit 1; }
export LD_LIBRARY_PATH=$emulator/driver:$emulator/cublas${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} LAZYHOST_TEST_DEVICE=cuda CUDA_EMULATOR_RACES=1

run() { # PROJECT ARGUMENTS...: a test program, its numbers added to the sums
  local project=$1 total errors wrong left
  shift
  dotnet "artifacts/bin/$project/release/$project.dll" -noColor "$@" 2>&1 | tee "$log"
  local status=${PIPESTATUS[0]}
  read -r total errors wrong left < <(sed -nE 's/.*Total: ([0-9]+), Errors: ([0-9]+), Failed: ([0-9]+), Skipped: ([0-9]+).*/\1 \2 \3 \4/p' "$log" | tail -n 1)
  if [ -z "${total:-}" ]; then failed=$((failed + 1)); return; fi
  passed=$((passed + total - wrong - left)) failed=$((failed + wrong + errors)) skipped=$((skipped + left))
  if [ "$status" -ne 0 ] && [ $((wrong + errors)) -eq 0 ]; then failed=$((failed + 1)); fi
}

check() { # COMMAND...: counts as one test
  echo "$*"
  if "$@" 2>&1 | tail -n 4; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

[ "${LAZYHOST_CONTRACT_TIER:-}" = full ] || set -- -trait- Tier=full "$@"
run LazyHost.Ilgpu.Tests -parallelMode none "$@"
run LazyHost.Hosting.Tests -parallelMode none -class LazyHost.Hosting.Tests.Plugins.UnloadAfterUseTests -class LazyHost.Hosting.Tests.Plugins.KeptProgramsTests -class LazyHost.Hosting.Tests.Plugins.LostDeviceTests
check dotnet artifacts/bin/LazyHost.Cli/release/lazyhost.dll train mnist --device cuda:0 --steps 5
echo "CUDA emulator: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
