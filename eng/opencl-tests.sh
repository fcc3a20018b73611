#!/usr/bin/env bash
# The tests of the ILGPU backend on OpenCL, then unloading and a short training there: after a Release build. The last line is "OpenCL: N passed, N failed, N skipped".
# LAZYHOST_CONTRACT_TIER=full runs the whole contract suite, and the tests of kernels that the suite covers as well; arguments go to the tests of the backend. Exit status 3 and a line that says why where this machine has no way to run OpenCL.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0 failed=0 skipped=0

run() { # PROJECT ARGUMENTS...: a test program, its numbers added to the sums
  local project=$1 total errors wrong left
  shift
  eng/opencl-run.sh "artifacts/bin/$project/release" "$project.dll" -noColor "$@" 2>&1 | grep --line-buffered -vE 'warnings? generated' | tee "$log"
  local status=${PIPESTATUS[0]}
  [ "$status" -eq 3 ] && { echo "OpenCL tests were skipped: $(tail -n 1 "$log")"; exit 3; }
  read -r total errors wrong left < <(sed -nE 's/.*Total: ([0-9]+), Errors: ([0-9]+), Failed: ([0-9]+), Skipped: ([0-9]+).*/\1 \2 \3 \4/p' "$log" | tail -n 1)
  if [ -z "${total:-}" ]; then failed=$((failed + 1)); return; fi
  passed=$((passed + total - wrong - left)) failed=$((failed + wrong + errors)) skipped=$((skipped + left))
  if [ "$status" -ne 0 ] && [ $((wrong + errors)) -eq 0 ]; then failed=$((failed + 1)); fi
}

[ "${LAZYHOST_CONTRACT_TIER:-}" = full ] || set -- -trait- Tier=full "$@"
# One after the other: PoCL's own threads use all cores.
run LazyHost.Ilgpu.Tests -parallelMode none "$@"
# Two hosts that look for devices at once: ILGPU finds none for one of them.
run LazyHost.Hosting.Tests -parallelMode none -class LazyHost.Hosting.Tests.Plugins.UnloadAfterUseTests -class LazyHost.Hosting.Tests.Plugins.KeptProgramsTests
echo "lazyhost train mnist --device opencl:0 --steps 20"
if eng/opencl-run.sh artifacts/bin/LazyHost.Cli/release lazyhost.dll train mnist --device opencl:0 --steps 20 2>&1 | grep --line-buffered -vE 'warnings? generated' | tail -n 2; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
echo "OpenCL: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
