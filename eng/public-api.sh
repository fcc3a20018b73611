#!/usr/bin/env bash
# Writes PublicAPI.Unshipped.txt of every library anew from what its build says is public. Look at the difference before you commit it.
set -euo pipefail
cd "$(dirname "$0")/.."
# Each is built alone below, on top of what this leaves.
for project in host/LazyHost.{Formats,Hosting}/*.csproj; do dotnet build "$project" -v q -p:TreatWarningsAsErrors=false -clp:ErrorsOnly; done
for project in abstractions/*/*.csproj host/LazyHost.{Core,Formats,Hosting}/*.csproj; do
  folder=$(dirname "$project")
  [ -f "$folder/PublicAPI.Shipped.txt" ] || echo "#nullable enable" >"$folder/PublicAPI.Shipped.txt"
  echo "#nullable enable" >"$folder/PublicAPI.Unshipped.txt"
  dotnet build "$project" --no-dependencies --no-incremental -v q -p:TreatWarningsAsErrors=false 2>&1 |
    sed -nE "s/.*RS0016: Symbol '(.*)' is not part of the declared public API.*/\1/p" | LC_ALL=C sort -u >>"$folder/PublicAPI.Unshipped.txt"
  echo "$folder: $(($(wc -l <"$folder/PublicAPI.Unshipped.txt") - 1)) symbols"
done
