#!/usr/bin/env bash
# The tests of the ILGPU backend on OpenCL: after a Release build. The last line is "OpenCL: N passed, N failed, N skipped".
# LAZYHOST_CONTRACT_TIER=full runs the whole contract suite. Exit status 3 and a line that says why where this machine has no way to run OpenCL.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
log=$(mktemp)
trap 'rm -f "$log"' EXIT
eng/opencl-run.sh artifacts/bin/LazyHost.Ilgpu.Tests/release LazyHost.Ilgpu.Tests.dll -noColor "$@" 2>&1 | grep -v ' warnings\? generated' | tee "$log"
status=${PIPESTATUS[0]}
[ "$status" -eq 3 ] && { echo "OpenCL tests were skipped: $(tail -n 1 "$log")"; exit 3; }
read -r total errors failed skipped < <(sed -nE 's/.*Total: ([0-9]+), Errors: ([0-9]+), Failed: ([0-9]+), Skipped: ([0-9]+).*/\1 \2 \3 \4/p' "$log" | tail -n 1)
if [ -z "${total:-}" ]; then echo "OpenCL: 0 passed, 1 failed, 0 skipped"; exit 1; fi
echo "OpenCL: $((total - failed - skipped)) passed, $((failed + errors)) failed, $skipped skipped"
[ "$status" -eq 0 ] && [ $((failed + errors)) -eq 0 ]
