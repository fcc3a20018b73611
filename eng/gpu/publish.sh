#!/usr/bin/env bash
# Makes .gpu/app.txz for a machine with a GPU and without .NET: lazyhost with its plugins, the tests of the ILGPU backend and its benchmarks, in one
# folder with one runtime. Not trimmed: ILGPU reads the code of the libraries it compiles. Then, on that machine: eng/gpu/run.sh.
set -euo pipefail
cd "$(dirname "$0")/../.."
most=$((64 << 20))
rm -rf .gpu/app .gpu/app.txz
for project in host/LazyHost.Cli tests/LazyHost.Ilgpu.Tests tests/LazyHost.GpuBenchmarks; do
  dotnet publish "$project" -c Release -r linux-x64 --self-contained -v q --nologo -o .gpu/app
done
# What debuggers and editors read would only take room.
find .gpu/app \( -name '*.pdb' -o -name '*.xml' \) -delete
tar -C .gpu -cf - app | xz -T0 -6 >.gpu/app.txz
size=$(stat -c %s .gpu/app.txz)
echo ".gpu/app.txz: $((size >> 20)) MiB, of $(du -sm .gpu/app | cut -f1) MiB"
rm -rf .gpu/app
[ "$size" -lt "$most" ] || { echo "that is more than $((most >> 20)) MiB"; exit 1; }
