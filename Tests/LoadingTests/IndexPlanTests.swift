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
}
