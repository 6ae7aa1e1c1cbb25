#!/usr/bin/env bash
# What `make test` does: install what may be installed, check, test, and say loudly what could not be run.
# Arguments go to pytest: bash tests/run.sh tests/kb -k wiki
set -uo pipefail
cd "$(dirname "$0")/.."
VENV=${VENV:-.venv}
PACKAGES="chromium libpango-1.0-0 libpangoft2-1.0-0 poppler-utils qpdf antiword tesseract-ocr tesseract-ocr-fra fonts-dejavu-core procps postgresql maven libzstd1"
notes=()

needed=()
for package in $PACKAGES; do
  dpkg -s "$package" >/dev/null 2>&1 || needed+=("$package")
done
if [ ${#needed[@]} -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing ${needed[*]}"
    apt-get update -qq >/dev/null &&
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${needed[@]}" >/dev/null
  fi
  for package in "${needed[@]}"; do
    dpkg -s "$package" >/dev/null 2>&1 || notes+=("without the Debian package $package: apt install $package")
  done
fi

# Once more on PostgreSQL: the tests marked for it, or those of them that were asked for.
on_postgresql() {
  echo "Once more on PostgreSQL: the tests marked for it"
  "$VENV/bin/python" -m tests.postgresql "$VENV/bin/python" -m pytest -rs "$@"
}

# The validator of open data, in an environment of its own (requirements-validata.txt says why), while the rest is checked.
validator() {
  [ "$(cat "$VENV/validata/.stamp" 2>/dev/null)" = "$(sha256sum < requirements-validata.txt)" ] && return
  "$VENV/bin/python" -m venv "$VENV/validata" &&
    "$VENV/validata/bin/pip" install --quiet --disable-pip-version-check -r requirements-validata.txt &&
    sha256sum < requirements-validata.txt > "$VENV/validata/.stamp"
}

BESIDE="tests/leaks tests/journeys/test_accessibility.py tests/kb/documents"
THIRD="tests/council"
status=0 postgresql=0
validator >/dev/null 2>&1 &
installing=$!
make check || status=1
wait $installing || notes+=("without validata-core: SCDL files are read by our own checks alone")
output=$(mktemp) beside=$(mktemp) other=$(mktemp) code=$(mktemp)
trap 'rm -f "$output" "$beside" "$other" "$code"' EXIT
if [ $# -gt 0 ]; then
  "$VENV/bin/python" -m pytest -rs "$@" | tee "$output"
  [ "${PIPESTATUS[0]}" = 0 ] || status=1
  on_postgresql "$@" > "$other" 2>&1 || postgresql=$?
  [ $postgresql != 5 ] || postgresql=0 # the tests that were asked for are not among them
else
  # Three processes for two cores, since many tests wait for a browser or a server: the crawl of every door, every screen
  # under axe and files; the council, then PostgreSQL; the rest. The first two speak when they end.
  "$VENV/bin/python" -m pytest -rs $BESIDE > "$beside" 2>&1 &
  running=$!
  {
    "$VENV/bin/python" -m pytest -rs $THIRD
    echo $? > "$code"
    on_postgresql
  } > "$other" 2>&1 &
  elsewhere=$!
  "$VENV/bin/python" -m pytest -rs $(printf -- '--ignore=%s ' $BESIDE $THIRD) | tee "$output"
  [ "${PIPESTATUS[0]}" = 0 ] || status=1
  wait "$running" || status=1
  wait "$elsewhere" || postgresql=$?
  [ "$(cat "$code")" = 0 ] || status=1
fi
cat "$beside" "$other" | tee -a "$output"
case $postgresql in
  0) ;;
  69) notes+=("without PostgreSQL: apt install postgresql") ;;
  *) status=1 ;;
esac

# A test that is skipped proves nothing: it is named again, last, where it is read.
skipped=$(sed -n 's/^SKIPPED //p' "$output")
if [ ${#notes[@]} -gt 0 ] || [ -n "$skipped" ]; then
  echo
  echo "==================== NOT RUN, OR RUN WITHOUT ===================="
  [ ${#notes[@]} -gt 0 ] && printf '%s\n' "${notes[@]}"
  [ -n "$skipped" ] && echo "$skipped"
fi
# In CI what can be installed must be there. The sample files cannot: they are not of this repository.
# LibreOffice is half a gigabyte for one test: there its command line runs on a stand-in.
if [ "${CI:-}" = true ]; then
  [ ${#notes[@]} -eq 0 ] || status=1
  [ -z "$(grep -vE "sample files|LibreOffice is not installed" <<<"$skipped")" ] || status=1
fi
[ $status = 0 ] && echo "Everything passes." || echo "Something fails: see above."
exit $status
