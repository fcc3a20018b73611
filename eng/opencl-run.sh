#!/usr/bin/env bash
# Runs a .NET program where OpenCL works, in the folder that eng/opencl-root.sh makes: usage: eng/opencl-run.sh BIN-FOLDER DLL ARGUMENTS...
# Exit status 3 and a line that says why where this machine cannot.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
root=${LAZYHOST_OPENCL_ROOT:-$here/artifacts/opencl}
bin=$(realpath "$1")
shift
"$here/eng/opencl-root.sh" "$root"
app=app-$$
mkdir -p "$root/$app"
unmount() {
  umount "$root/$app" && rmdir "$root/$app"
  # Others may still run there: what is busy stays.
  for folder in sys dev proc; do umount "$root/$folder" 2>/dev/null || true; done
}
mount --bind "$bin" "$root/$app" 2>/dev/null || { rmdir "$root/$app"; echo "$bin could not be mounted in $root"; exit 3; }
trap unmount EXIT
LAZYHOST_TEST_DEVICE=opencl DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_ROOT=/dotnet chroot "$root" /dotnet/dotnet "/$app/$@"
