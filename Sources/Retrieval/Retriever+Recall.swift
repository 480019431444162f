import Kernels

extension Retriever {
    /// Leaves an answer of the index to the monitor, if it is one of those that are measured.
    func sampleRecall(_ search: Search, _ neighbors: [Neighbor], count: Int) {
        guard let recall, !search.options.isExact, snapshot.generation.index != "none", recall.draws() else { return }
        recall.add(
            RecallMonitor.Sample(
                generation: snapshot.generation.id, route: search.route, distances: neighbors.map(\.distance)
            ) {
                search.nearest(count).map(\.distance)
            })
    }
}
