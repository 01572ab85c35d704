#!/usr/bin/env bash
# A build without a network gives the same bytes, connects to nothing, and reads only the project and the system's libraries.
# Takes the program and a guide (the repository's own if none is named), gives a verdict. Needs strace and unshare.
set -euo pipefail

repository=$(cd "$(dirname "$0")/.." && pwd)
askbook=$(realpath "${1:-$repository/target/release/askbook}")
guide=$(realpath "${2:-$repository}")
for program in strace unshare; do
  command -v "$program" >/dev/null || { echo "missing: $program"; exit 1; }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The home and the temporary folder are empty ones, so that a read of the real ones shows as a read outside.
build() { HOME=$work/home TMPDIR=$work/tmp "$@" "$askbook" build --no-cache --root "$guide" --output "$work/$site" >/dev/null; }
mkdir "$work/home" "$work/tmp"

site=with
build env
site=without
# In a user namespace of its own, so that root is not needed.
build unshare --map-root-user --net
diff -r "$work/with" "$work/without"
files=$(find "$work/with" -type f | wc -l)
echo "without a network: $files files, the same bytes"

site=traced
build strace -f -qq -o "$work/trace" -e trace=connect,sendto,open,openat,openat2,execve

# git, which is asked for dates, talks to no one either: its calls are in the trace too.
connections=$(grep -cE '(connect|sendto)\(.*AF_INET' "$work/trace" || true)
echo "$connections connections"

# What is opened for reading and is there, outside the project, the output and what the system gives every program.
outside=$(grep -E 'open(at|at2)?\(' "$work/trace" | grep -v '= -1 ' | sed -nE 's/.*open(at|at2)?\([^"]*"([^"]*)".*/\2/p' | sort -u |
  grep -vE "^($guide|$work)(/|$)" |
  grep -vE '^[^/]' |
  grep -vE '^/(usr/lib|usr/lib64|lib|lib64|usr/share/(locale|git-core|zoneinfo)|etc/ld\.so|proc|sys/(fs/cgroup|devices/system/cpu|kernel/mm)|dev/(null|urandom)|etc/(gitconfig|localtime|passwd|nsswitch\.conf))' || true)
programs=$(grep -E 'execve\(' "$work/trace" | grep -v '= -1 ' | sed -nE 's/.*execve\("([^"]*)".*/\1/p' | xargs -r -n1 basename | sort -u | tr '\n' ' ')
echo "programs: $programs"
# Checking asks nobody either, unless `--external` is there; in a copy, of which nothing is known yet.
mkdir "$work/guide"
cp -r "$guide/askbook.toml" "$guide/content" "$work/guide"
if [ -d "$guide/themes" ]; then cp -r "$guide/themes" "$work/guide"; fi
HOME=$work/home TMPDIR=$work/tmp strace -f -qq -o "$work/checked" -e trace=connect,sendto "$askbook" check --root "$work/guide" >/dev/null 2>&1
asked=$(grep -cE '(connect|sendto)\(.*AF_INET' "$work/checked" || true)
echo "$asked connections while checking"

status=0
[ "$((connections + asked))" -eq 0 ] || { grep -hE '(connect|sendto)\(.*AF_INET' "$work/trace" "$work/checked" | head; status=1; }
[ -z "$outside" ] || { echo 'opened outside the project and the system:'; echo "$outside"; status=1; }
[ "${programs% }" = 'askbook git' ] || [ "${programs% }" = 'askbook' ] || { echo 'other programs were started'; status=1; }
[ "$status" -ne 0 ] || echo 'nothing was read outside the project and the libraries of the system'
exit "$status"
