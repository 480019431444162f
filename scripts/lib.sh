# shellcheck shell=bash
# What the scripts beside this file share. Source it first.
set -euo pipefail

# A root shell opened with plain `su` lacks these, and useradd lives there.
PATH=$PATH:/usr/sbin:/sbin

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
scripts=$project/scripts
release=$project/.build/release

# A variable set to nothing (`DATABASE_URL= make demo`) is a variable not set.
[[ -n ${DATABASE_URL:-} ]] || unset DATABASE_URL

KINDRED_HOME=$(realpath -m -- "${KINDRED_HOME:-$project/.kindred}")
export KINDRED_HOME
running=$KINDRED_HOME/run

# Progress goes to stderr: the stdout of `postgres url` and the like is for other programs.
step() { printf '\n==> %s\n' "$*" >&2; }
say() { printf '    %s\n' "$*" >&2; }

# die WHAT [WHAT-TO-DO…]
die() {
    printf '\nerror: %s\n' "$1" >&2
    shift
    (($# == 0)) || printf '       %s\n' "$@" >&2
    exit 1
}

make_home() {
    { mkdir -p -- "$running" && [[ -w $KINDRED_HOME && -w $running ]]; } 2>/dev/null ||
        die "$KINDRED_HOME cannot be written by $(id -un)" \
            "Give it back (chown -R $(id -un) $KINDRED_HOME, as root) or choose another: KINDRED_HOME=DIR make demo"
}

# lock FD FILE WHAT: waits for another run of the same home. Long-lived children are started without
# the descriptor, or they would hold the lock for as long as they live.
lock() {
    eval "exec $1>\"\$2\""
    flock -n "$1" && return
    say "$3 is under way in another process; waiting for it…"
    flock -w 1800 "$1" || die "$3 is still under way after 30 minutes" "See what holds $2, end it, then try again."
}

# --- processes --------------------------------------------------------------------------------------

# A pid alone is no proof: it may belong to another process by now. With its start time and the boot it is.
identity() {
    local stat words
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    read -ra words <<<"${stat##*) }" # what follows the command, which may itself hold spaces
    [[ ${words[0]} != Z ]] || return 1
    echo "$1 ${words[19]} $(</proc/sys/kernel/random/boot_id)"
}

# recorded FILE: the pid in a file that identity wrote, if that very process is alive; a stale file is removed.
recorded() {
    local line
    [[ -f $1 ]] || return 1
    line=$(<"$1")
    if [[ -n $line && $(identity "${line%% *}") == "$line" ]]; then
        echo "${line%% *}"
    else
        rm -f -- "$1"
        return 1
    fi
}

# The ports on which this home's services run.
services() {
    local file
    for file in "$running"/service-*; do
        if recorded "$file" >/dev/null; then echo "${file##*-}"; fi
    done
}

# --- the service ------------------------------------------------------------------------------------

url() { echo "http://127.0.0.1:$1"; }

http_status() {
    # A proxy from the environment must not be asked for this machine's own pages.
    curl --noproxy '*' --silent --output /dev/null --max-time 5 --write-out '%{http_code}' "$1" || true
}

# start_service PORT [LOG]: starts it in the background and returns when /readyz is 200. Its own session keeps
# Ctrl-C from it: it gets exactly one signal, from stop_service. A state folder is one service's, so each port has one.
start_service() {
    local port=$1 log=${2:-} file=$running/service-$1 pid
    local state=${KINDRED_STATE:-$KINDRED_HOME/state/$1}
    step "Starting the service on $(url "$port")"
    if [[ -n $log ]]; then
        PORT=$port KINDRED_STATE=$state setsid "$release/kindred" serve </dev/null >"$log" 2>&1 8>&- &
    else
        PORT=$port KINDRED_STATE=$state setsid "$release/kindred" serve </dev/null 8>&- &
    fi
    pid=$!
    identity "$pid" >"$file" || true
    for ((i = 0; i < 600; i++)); do
        if ! recorded "$file" >/dev/null; then
            [[ -z $log ]] || tail -n 20 "$log" >&2
            die "the service ended before it was ready" "Its last words are above; \`$release/kindred doctor\` says more."
        fi
        [[ $(http_status "$(url "$port")/readyz") != 200 ]] || return 0
        ((i % 50 != 49)) || say "still waiting for $(url "$port")/readyz…"
        sleep 0.1
    done
    curl --noproxy '*' --silent --max-time 5 "$(url "$port")/readyz" >&2 || true
    die "the service was not ready within a minute" "What /readyz says is above${log:+; the log is $log}."
}

# stop_service PORT: lets it finish its requests, then insists.
stop_service() {
    local file=$running/service-$1 pid
    pid=$(recorded "$file") || return 0
    say "stopping the service on $(url "$1")…"
    kill -TERM "$pid" 2>/dev/null || true
    for ((i = 0; i < 300; i++)); do
        recorded "$file" >/dev/null || return 0
        sleep 0.1
    done
    say "it did not end within 30 s: killing it"
    kill -KILL "$pid" 2>/dev/null || true
    rm -f -- "$file"
}

# The embedded server belongs to the services when one of them started it; the last one to leave stops it. One
# that was started by hand (scripts/postgres start) stays.
claim=$running/postgres-is-ours

stop_idle_postgres() {
    [[ -e $claim && -z $(services) ]] || return 0
    # Another demo may be between its database and its service.
    flock -n 8 || return 0
    "$scripts/postgres" stop 8>&-
}

# --- the steps of the demo --------------------------------------------------------------------------

# Sets and checks the port before anything slow. Returns 1 when this home's service has it already.
choose_port() {
    local problem
    PORT=${PORT:-8080}
    export PORT
    if recorded "$running/service-$PORT" >/dev/null; then return 1; fi
    problem=$("$scripts/port" check "$PORT" 2>&1) ||
        die "$problem" "Choose another: PORT=$("$scripts/port" free) make demo"
}

# Everything from the fresh clone to a loaded model. Sets DATABASE_URL.
prepare() {
    "$scripts/setup" 8>&-

    step "Building (release; a first build takes minutes, later ones seconds)"
    # Without --build-tests this builds the programs and no test.
    (cd "$project" && swift build -c release 8>&- >&2) ||
        die "the build failed" "The compiler's words are above."

    if [[ -z ${DATABASE_URL:-} ]]; then
        step "PostgreSQL"
        "$scripts/postgres" status >/dev/null 2>&1 || touch "$claim"
        "$scripts/postgres" start 8>&-
        DATABASE_URL=$("$scripts/postgres" url)
        export DATABASE_URL
    fi

    find_data || fetch_data "$release/kindred-train" || true
    train_model

    step "Migrating the database and loading the model"
    "$release/kindred" migrate 8>&- >&2 ||
        die "the migration failed" "What it says above names what to do; \`$release/kindred doctor\` checks the rest."
    "$release/kindred" load "$bundle" --activate 8>&- >&2 || die "the model could not be loaded" "See above."
    "$release/kindred" calibrate --if-needed --queries 100 8>&- 2>/dev/null | tail -n 1 >&2 ||
        die "what searches find could not be measured" "\`$release/kindred calibrate\` says why."
}

# Sets MOVIELENS_100K to the folder that holds u.data, made absolute; 1 when there is none yet.
find_data() {
    local found
    if [[ -n ${MOVIELENS_100K:-} ]]; then
        [[ -f $MOVIELENS_100K/u.data ]] ||
            die "MOVIELENS_100K=$MOVIELENS_100K holds no u.data" \
                "Name the unpacked ml-100k folder, or unset it: the data are then downloaded."
        MOVIELENS_100K=$(realpath -- "$MOVIELENS_100K")
    else
        found=$(find "$KINDRED_HOME/data" -maxdepth 3 -name u.data -printf '%h\n' -quit 2>/dev/null) || true
        [[ -n $found ]] || return 1
        MOVIELENS_100K=$found
    fi
    export MOVIELENS_100K
}

# fetch_data TRAINER: downloads MovieLens 100k; 1 when that is not possible.
fetch_data() {
    step "Downloading MovieLens 100k"
    unset MOVIELENS_100K # set to nothing, it would be a folder to look in
    "$1" fetch 8>&- >&2 && find_data
}

# Sets `bundle`. A model of the same data by the same program with the same settings is not trained again.
train_model() {
    local data=(--synthetic) record=$KINDRED_HOME/trained stamp report
    if [[ -n ${MOVIELENS_100K:-} ]]; then
        data=(--data "$MOVIELENS_100K")
    else
        say "No MovieLens data (no network?): training on SYNTHETIC ratings; titles and neighbours are invented."
        say "For real ones set MOVIELENS_100K to an unpacked ml-100k folder."
    fi
    stamp=$({
        sha256sum <"$release/kindred-train"
        env | grep '^KINDRED_' | sort
        if [[ -n ${MOVIELENS_100K:-} ]]; then sha256sum -- "$MOVIELENS_100K"/u.{data,item,user,genre}; fi
    } | sha256sum | cut -d' ' -f1)
    if [[ -f $record ]] && [[ $(head -n 1 "$record") == "$stamp" ]]; then
        bundle=$(tail -n 1 "$record")
        if [[ -f $bundle/manifest.json ]]; then
            step "The model of these data is trained: $bundle"
            return
        fi
    fi
    step "Training"
    report=$("$release/kindred-train" train "${data[@]}" --json 8>&-) || die "the training failed" "See above."
    bundle=$(python3 -c 'import json, sys; print(json.load(sys.stdin)["bundle"])' <<<"$report") ||
        die "the trainer named no bundle" "It said: $report"
    bundle=$(realpath -- "$bundle")
    say "$bundle"
    printf '%s\n' "$stamp" "$bundle" >"$record"
}
