-- Asks for a movie at random; prints one JSON line at the end. BENCH_PATH is the path, with {id}.
local before, after = os.getenv("BENCH_PATH"):match("^(.*){id}(.*)$")
if not before then before, after = os.getenv("BENCH_PATH"), nil end
local lowest, highest = os.getenv("BENCH_IDS"):match("^(%d+)-(%d+)$")
math.randomseed(42)

request = function()
    if not after then return wrk.format("GET", before) end
    return wrk.format("GET", before .. math.random(lowest, highest) .. after)
end

done = function(summary)
    local errors = summary.errors
    print(string.format(
        '{"requests": %d, "microseconds": %d, "failed": %d}', summary.requests, summary.duration,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
