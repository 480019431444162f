-- Asks for movies in a drawn order; prints one JSON line at the end. BENCH_PATH is the path, with {id}; BENCH_IDS the ids,
-- with commas between them; BENCH_DISTRIBUTION is uniform or zipf (exponent 1, the first id most often).
local DRAWS = 65536
local requests, sent = {}, 0

local function draw(ids, zipf)
    if not zipf then return ids[math.random(#ids)] end
    -- The inverse of ln(rank), which the sum of 1/rank follows closely.
    return ids[math.min(#ids, math.floor(math.exp(math.random() * math.log(#ids + 1))))]
end

-- Drawn before the load: what the client computes while it measures, the servers lose.
init = function()
    math.randomseed(42)
    local ids = {}
    for id in os.getenv("BENCH_IDS"):gmatch("%d+") do ids[#ids + 1] = id end
    for place = 1, DRAWS do
        local id = draw(ids, os.getenv("BENCH_DISTRIBUTION") == "zipf")
        requests[place] = wrk.format("GET", (os.getenv("BENCH_PATH"):gsub("{id}", id)))
    end
end

request = function()
    sent = sent % DRAWS + 1
    return requests[sent]
end

done = function(summary)
    local errors = summary.errors
    print(string.format(
        '{"requests": %d, "microseconds": %d, "failed": %d}', summary.requests, summary.duration,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
