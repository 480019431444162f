import Testing

@testable import Loading

@Suite struct IndexPlanTests {
    @Test(
        "IVFFlat's lists and probes follow the number of rows",
        arguments: [
            (0, 1, 1), (1, 1, 1), (1_682, 20, 5), (100_000, 158, 13), (1_000_000, 1_000, 32),
            (4_000_000, 2_000, 45),
        ])
    func lists(rows: Int, lists: Int, probes: Int) {
        let plan = IndexPlan(kind: .ivfflat, rows: rows, dimensions: 64)
        #expect(plan.lists == lists)
        #expect(plan.probes == probes)
    }

    @Test("the memory for a build grows with the rows, within its bounds")
    func memory() {
        let megabytes = { (rows: Int) in IndexPlan(kind: .hnsw, rows: rows, dimensions: 64).maintenanceMegabytes }
        #expect(megabytes(1_682) == 64)
        #expect(megabytes(1_000_000) > 64 * 4 * 1_000_000 / 1_048_576)
        #expect(megabytes(100_000_000) == 2048)
    }

    @Test("a column with fewer vectors than the other has fewer lists, unless they were chosen")
    func fewerVectors() {
        var plan = IndexPlan(kind: .ivfflat, rows: 1_682, dimensions: 64)
        #expect([1_682, 400, 1, 0].map { plan.lists(vectors: $0) } == [20, 10, 1, 1])
        plan.ivfflatLists = 50
        #expect(plan.lists(vectors: 400) == 50)
        #expect(plan.probes == 8)
    }

    @Test(
        "IVFFlat's memory is what pgvector says it requires",
        arguments: [(158, 9), (500, 56), (1_000, 209), (3_000, 1_220)])
    func clustering(lists: Int, megabytes: Int) throws {
        // 100,000 × 64; the numbers are from the server's errors.
        var plan = IndexPlan(kind: .ivfflat, rows: 100_000, dimensions: 64)
        plan.ivfflatLists = lists
        plan.memoryMegabytes = megabytes
        #expect(throws: Never.self) { try plan.check([]) }
        plan.memoryMegabytes = megabytes - 1
        #expect(throws: LoadingError.indexMemory(lists: lists, needed: megabytes, given: megabytes - 1)) {
            try plan.check([])
        }
    }

    @Test("ten million rows fit the default memory, a hundred million ask for more")
    func large() {
        let check = { (rows: Int) throws in try IndexPlan(kind: .ivfflat, rows: rows, dimensions: 64).check([]) }
        #expect(throws: Never.self) { try check(9_000_000) }
        #expect(throws: LoadingError.self) { try check(100_000_000) }
    }
}
