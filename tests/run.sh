#!/usr/bin/env bash
# What `make test` does: install what may be installed, check, test, and say what could not be run.
set -uo pipefail
cd "$(dirname "$0")/.."
VENV=${VENV:-.venv}
PACKAGES="chromium libpango-1.0-0 libpangoft2-1.0-0 poppler-utils qpdf antiword fonts-dejavu-core make"
missing=()
needed=()
for package in $PACKAGES; do
  dpkg -s "$package" >/dev/null 2>&1 || needed+=("$package")
done
if [ ${#needed[@]} -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${needed[@]}" >/dev/null
  fi
  for package in "${needed[@]}"; do
    dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
  done
fi
status=0
make check || status=1
"$VENV/bin/python" -m pytest "$@" || status=1
if [ ${#missing[@]} -gt 0 ]; then
  echo
  echo "NOT RUN, OR RUN WITHOUT: these Debian packages could not be installed: ${missing[*]}"
  [ "${CI:-}" = true ] && status=1
fi
exit $status
