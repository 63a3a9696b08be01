#!/usr/bin/env bash
# Packs the GPU benchmarks into one archive that runs on a Linux machine (x64) with NVIDIA's driver and nothing else: no .NET, no CUDA toolkit.
#   benchmarks/gpu/pack.sh [FOLDER]        writes FOLDER/hyperdsl-gpu.tar.xz (artifacts/gpu unless given)
# There: tar -xJf hyperdsl-gpu.tar.xz && hyperdsl-gpu/HyperDsl.GpuBenchmarks
set -euo pipefail
cd "$(dirname "$0")/../.."

most=$((60 * 1000 * 1000))
folder=${1:-artifacts/gpu}
name=hyperdsl-gpu
rm -rf "${folder:?}/$name" "$folder/$name.tar.xz"
mkdir -p "$folder"

# ILGPU reads methods' code and emits launchers while the program runs: neither trimming nor NativeAOT leaves it that.
dotnet publish benchmarks/HyperDsl.GpuBenchmarks -c Release -r linux-x64 --self-contained -o "$folder/$name" \
    -p:PublishTrimmed=false -p:DebugType=none -p:GenerateDocumentationFile=false
cp benchmarks/gpu/rivals.py "$folder/$name/"
tar -C "$folder" --sort=name --owner=0 --group=0 --numeric-owner --mtime='2000-01-01 00:00Z' -cf - "$name" | xz -6 -T0 >"$folder/$name.tar.xz"

size=$(stat -c %s "$folder/$name.tar.xz")
echo "$folder/$name.tar.xz: $((size / 1000 / 1000)) MB"
[ "$size" -lt "$most" ] || { echo "That is more than $((most / 1000 / 1000)) MB." >&2; exit 1; }
