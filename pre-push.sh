#!/bin/sh
# The checks a push must pass: format, lint, types, import contracts, unit tests; then a server on a throw-away library,
# its health, every endpoint and the tests of minutes.
#
#   sh pre-push.sh            run them
#   sh pre-push.sh --fix      repair format and lint first
#   sh pre-push.sh --install  let git run them before every push
#
# Also works as a copy at .git/hooks/pre-push.
set -u

top=$(git rev-parse --show-toplevel) || exit 1
cd "$top" || exit 1
# Inside a hook git points everything at this repository, which would mislead tests that make their own.
# shellcheck disable=SC2046
unset $(git rev-parse --local-env-vars)

fix=no
case "${1:-}" in
--install)
    hook=$(git rev-parse --git-path hooks)/pre-push
    if [ -e "$hook" ] && ! grep -q 'sh pre-push.sh' "$hook"; then
        printf '%s is another hook; move it away first.\n' "$hook" >&2
        exit 1
    fi
    mkdir -p "$(dirname "$hook")" && cp pre-push.sh "$hook" && chmod +x "$hook" || exit 1
    printf 'Installed as %s\n' "$hook"
    exit 0
    ;;
--fix) fix=yes ;;
-*)
    sed -n '2,9s/^# \{0,1\}//p' pre-push.sh
    exit 2
    ;;
?*)
    # Called by git with the remote's name: it tells on standard input what is pushed.
    # Nothing to check when branches are only deleted.
    zeros='^[^ ]* 0*  *'
    pushed=$(cat)
    if [ -n "$pushed" ] && ! printf '%s\n' "$pushed" | grep -qv "$zeros"; then exit 0; fi
    ;;
esac

# A copy in .git/hooks grows old; the checks of this checkout count.
case "$0" in
*hooks/pre-push) [ ! -f "$top/pre-push.sh" ] || exec sh "$top/pre-push.sh" ;;
esac

[ -z "$(git status --porcelain)" ] || echo "Note: there are uncommitted changes; the checks see them."
sh scripts/setup.sh test || exit 1
bin=.venv/bin
failed=""

step() {
    name=$1
    shift
    printf '== %s\n' "$name"
    "$@" || failed="$failed $name"
}

if [ "$fix" = yes ]; then
    $bin/ruff check -q --fix
    $bin/ruff format -q
fi
step format $bin/ruff format --check -q
step lint $bin/ruff check -q
step types $bin/mypy
step contracts $bin/lint-imports --no-cache
[ -n "$failed" ] || step unit-tests $bin/python -m pytest -q -n 2 --dist loadfile tests/unit tests/test_architecture.py
[ -n "$failed" ] || step server $bin/python scripts/gate.py

if [ -n "$failed" ]; then
    printf 'Failed:%s\n' "$failed" >&2
    case "$failed" in
    *format* | *lint*) echo "sh pre-push.sh --fix repairs format and much of lint." >&2 ;;
    esac
    exit 1
fi
echo "All checks passed."
