#!/usr/bin/env bash
# Makes a folder in which OpenCL works without a GPU: Debian 13 with PoCL, beside whatever this machine runs, and the .NET runtime of this machine.
# usage: eng/opencl-root.sh FOLDER. Exit status 3 and a line that says why where this machine cannot have one.
set -euo pipefail
root=$1
cannot() { echo "$1"; exit 3; }

[ "$(uname -s)" = Linux ] || cannot "PoCL in a folder of its own is for Linux"
[ "$(id -u)" = 0 ] || cannot "PoCL in a folder of its own needs root, to mount /proc, /dev and /sys there"
for tool in apt-get dpkg-deb chroot mountpoint; do command -v $tool >/dev/null || cannot "PoCL in a folder of its own needs $tool"; done
sources=/etc/apt/sources.list.d/debian.sources
[ -f "$sources" ] || cannot "PoCL in a folder of its own takes packages from Debian, and $sources is not there"
dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")

mkdir -p "$root"
if [ ! -f "$root/complete" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  mkdir -p "$work"/{parts,lists/partial,cache/archives/partial}
  : >"$work/status"
  uri=$(awk '/^URIs:/{print $2; exit}' "$sources")
  printf 'Types: deb\nURIs: %s\nSuites: trixie\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n' "$uri" >"$work/parts/trixie.sources"
  options=(-o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$work/parts" -o Dir::State::lists="$work/lists" -o Dir::State::status="$work/status"
    -o Dir::Cache="$work/cache" -o APT::Install-Recommends=false -o APT::Sandbox::User=root -qq)
  apt-get "${options[@]}" update >/dev/null 2>&1 || cannot "PoCL's packages could not be listed: is there a network?"
  # libssl: .NET's hashes are its.
  apt-get "${options[@]}" install -y --download-only pocl-opencl-icd ocl-icd-libopencl1 libstdc++6 libssl3t64 >/dev/null 2>&1 || cannot "PoCL's packages could not be fetched"
  for package in "$work"/cache/archives/*.deb; do dpkg-deb -x "$package" "$root"; done
  for folder in lib lib64 bin sbin; do [ -L "$root/$folder" ] || ln -s "usr/$folder" "$root/$folder"; done
  mkdir -p "$root"/{proc,dev,sys,tmp,root,app,dotnet}
  touch "$root/complete"
fi
for folder in host shared; do mkdir -p "$root/dotnet/$folder" && cp -ru "$dotnet/$folder/." "$root/dotnet/$folder/"; done
cp -u "$dotnet/dotnet" "$root/dotnet/"
# Without /sys PoCL finds no memory to run on.
for folder in proc dev sys; do
  mountpoint -q "$root/$folder" || mount --bind "/$folder" "$root/$folder" 2>/dev/null || cannot "/$folder could not be mounted in $root"
done
