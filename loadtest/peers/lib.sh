# shellcheck shell=bash
# What every peer's `setup`, `prepare` and `run` share. Source it first; it sets
#   here  the peer's folder,  peers  the folder above,  state  where the peer keeps its environment and its data.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[1]}")" && pwd -P)
peers=$(dirname "$here")
home=${KINDRED_HOME:-$(cd "$peers/../.." && pwd -P)/.kindred}
state=$home/peers/${here##*/}
export PYTHONPATH=$peers PYTHONDONTWRITEBYTECODE=1 PEER_STATE=$state

die() {
    printf 'error: %s\n' "$@" >&2
    exit 1
}

# make_environment: a Python environment of the pinned requirements; nothing is done twice.
make_environment() {
    mkdir -p -- "$state"
    cmp -s "$here/requirements.txt" "$state/requirements.txt" && return
    echo "making a Python environment for ${here##*/}" >&2
    rm -rf -- "$state/environment"
    python3 -m venv "$state/environment"
    "$state/environment/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/requirements.txt" >&2 ||
        die "the packages of ${here##*/} could not be installed; pip's words are above"
    cp "$here/requirements.txt" "$state/requirements.txt"
}

need() {
    local name
    for name in "$@"; do [[ -n ${!name:-} ]] || die "${here##*/}: $name is not set"; done
}

# serve: the FastAPI application `backend:app` of this folder on PORT, as uvicorn runs fastest: uvloop and httptools.
serve() {
    need PORT DATABASE_URL
    cd "$here"
    exec "$state/environment/bin/uvicorn" backend:app --host 127.0.0.1 --port "$PORT" --loop uvloop --http httptools \
        --workers "${PEER_WORKERS:-1}" --no-access-log --log-level warning
}
