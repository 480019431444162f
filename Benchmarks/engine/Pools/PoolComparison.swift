/// Measures the clients in turns: how much they can do at all, then how long a search takes at parts of that.
struct PoolComparison {
    struct Disagreement: Error, CustomStringConvertible {
        let description = "the clients found different items for the same vector"
    }

    static let loads = [0.5, 1, 2]
    /// Tasks of the closed loop, as many as the HTTP benchmarks have connections.
    private static let tasks = 8

    let clients: [any SearchClient]
    let vectors: [[Float]]
    let duration: Duration
    let rounds: Int

    /// - Throws: ``Disagreement`` unless all clients find the same.
    func checkAgreement() async throws {
        for vector in vectors.prefix(64) {
            let wanted = try await clients[0].search(vector)
            for client in clients.dropFirst() where try await client.search(vector) != wanted { throw Disagreement() }
        }
    }

    func run() async throws -> PoolResult {
        var saturation: [[Double]] = clients.map { _ in [] }
        for round in 0..<rounds {
            for index in turns(round) { saturation[index].append(try await throughput(of: clients[index])) }
        }
        // One rate for all: the mean of what each can do.
        let limits = saturation.map(\.median)
        let full = limits.reduce(0, +) / Double(limits.count)
        var seen = Self.loads.map { _ in clients.map { _ in [PoolMeasurement]() } }
        for round in 0..<rounds {
            for (place, load) in Self.loads.enumerated() {
                let loop = OpenLoop(
                    vectors: vectors, rate: full * load, warmup: duration / 2, duration: duration, seed: UInt64(round))
                for index in turns(round) { seen[place][index].append(try await loop.run(clients[index])) }
            }
        }
        return PoolResult(
            rounds: rounds, saturation: Dictionary(uniqueKeysWithValues: zip(clients.map(\.name), limits)),
            rows: Self.loads.indices.flatMap { place in
                clients.indices.map { index in
                    PoolResult.Row(
                        client: clients[index].name, load: Self.loads[place], rate: full * Self.loads[place],
                        median: .median(of: seen[place][index]), rounds: seen[place][index])
                }
            })
    }

    /// Each round begins with another client.
    private func turns(_ round: Int) -> [Int] {
        clients.indices.map { ($0 + round) % clients.count }
    }

    /// Searches per second when every task asks again as soon as it is answered.
    private func throughput(of client: any SearchClient) async throws -> Double {
        let start = ContinuousClock.now + duration / 2
        let end = start + duration
        let finished = try await withThrowingTaskGroup { group in
            for task in 0..<Self.tasks {
                group.addTask {
                    var index = task * vectors.count / Self.tasks
                    var finished = 0
                    while true {
                        _ = try await client.search(vectors[index % vectors.count])
                        index += 1
                        let now = ContinuousClock.now
                        guard now < end else { return finished }
                        if now >= start { finished += 1 }
                    }
                }
            }
            return try await group.reduce(0, +)
        }
        return Double(finished) / (duration / .seconds(1))
    }
}
