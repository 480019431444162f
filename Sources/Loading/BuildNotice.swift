import Postgres

/// What pgvector says while it builds an index.
///
/// Its notices carry no code of their own, so that their words are all there is to know them by (`src/ivfbuild.c`,
/// `src/hnswbuild.c`); what is not known is passed on as it is.
enum BuildNotice: Equatable {
    /// Fewer vectors than lists: most lists are around centres that nothing is near.
    case littleData
    /// The graph is built on in the table from there on, many times slower.
    case outgrewMemory
    case other

    init(_ notice: Notice) {
        if notice.message.hasPrefix("ivfflat index created with little data") {
            self = .littleData
        } else if notice.message.hasPrefix("hnsw graph no longer fits into maintenance_work_mem") {
            self = .outgrewMemory
        } else {
            self = .other
        }
    }
}
