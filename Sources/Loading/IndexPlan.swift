import Foundation
package import Schema

/// The kinds of index a generation can be loaded with.
package enum IndexKind: String, Sendable, CaseIterable {
    /// Exact search by sequential scan.
    case none
    /// Hierarchical navigable small world graph (Malkov and Yashunin, 2016).
    case hnsw
    /// Inverted file: vectors grouped around k-means centres, the nearest groups searched.
    case ivfflat
}

/// How one index is built, decided from the number of rows.
package struct IndexPlan: Sendable, Equatable {
    package let kind: IndexKind
    package let storage: VectorStorage
    /// Links per element of an HNSW graph (pgvector's `m`).
    package var hnswLinks = 16
    /// Candidates considered while inserting into an HNSW graph (pgvector's `ef_construction`).
    package var hnswConstruction = 128
    /// Groups of an IVFFlat index (pgvector's `lists`); nil for what the rows need.
    package var ivfflatLists: Int?
    /// `maintenance_work_mem` while it is built, in megabytes; nil for what the rows need.
    package var memoryMegabytes: Int?
    private let rows: Int
    private let dimensions: Int

    /// - Parameter rows: vectors in the column that has most of them.
    package init(kind: IndexKind, storage: VectorStorage = .vector, rows: Int, dimensions: Int) {
        self.kind = kind
        self.storage = storage
        self.rows = rows
        self.dimensions = dimensions
    }

    /// Groups of an IVFFlat index.
    package var lists: Int { ivfflatLists ?? Self.lists(rows: rows) }

    /// Groups searched by default (pgvector's `probes`), stored beside the index because it belongs to `lists`.
    package var probes: Int { max(Int(Double(lists).squareRoot().rounded(.up)), 1) }

    /// The groups for a column of so many vectors. One that has fewer than the other gets fewer: a list around which there
    /// is nothing is searched in vain.
    func lists(vectors: Int) -> Int { ivfflatLists ?? min(lists, Self.lists(rows: vectors)) }

    private static func lists(rows: Int) -> Int {
        // pgvector's advice is rows / 1000 up to a million rows and √rows beyond, probes √lists. Below 100,000 rows
        // that leaves too few lists to save anything, so small tables get √rows / 2.
        let root = Double(rows).squareRoot()
        let wanted = rows > 1_000_000 ? root : max(Double(rows) / 1000, root / 2)
        return min(max(Int(wanted), 1), 32_768)
    }

    /// The `USING … WITH …` part of CREATE INDEX, or nil without an index.
    func sql(_ column: IndexedColumn) -> String? {
        let indexed = storage.indexed(column.name, dimensions: column.dimensions)
        switch kind {
        case .none: return nil
        case .hnsw:
            return "USING hnsw (\(indexed)) WITH (m = \(hnswLinks), ef_construction = \(hnswConstruction))"
        case .ivfflat:
            return "USING ivfflat (\(indexed)) WITH (lists = \(lists(vectors: column.vectors)))"
        }
    }

    /// What is recorded with the generation.
    var options: [String: Int] {
        switch kind {
        case .none: [:]
        case .hnsw: ["m": hnswLinks, "ef_construction": hnswConstruction]
        case .ivfflat: ["lists": lists, "probes": probes]
        }
    }

    /// `maintenance_work_mem` in megabytes: what was asked for, or what the whole build needs, between 64 MB and 2 GB.
    var maintenanceMegabytes: Int { memoryMegabytes ?? min(max(neededMegabytes, 64), 2048) }

    /// With less an HNSW graph is built slowly, and an IVFFlat index not at all.
    private var neededMegabytes: Int { Int((neededBytes / 1_048_576).rounded(.up)) }

    private var neededBytes: Double {
        switch kind {
        case .none: return 0
        case .hnsw:
            // An element is its vector, its links (`m` on each layer and twice that on the lowest) and a header; measured
            // builds stay under one and a half times that.
            return Double(rows) * Double(dimensions * 4 + hnswLinks * 3 * 8 + 200) * 1.5
        case .ivfflat:
            // What `src/ivfkmeans.c` asks for: 50 samples a list, their distances from every centre, and those among the
            // centres.
            let (lists, vector) = (Double(lists), Double(dimensions * 4 + 8))
            let samples = max(50 * lists, 10_000)
            let found = min(samples, Double(rows))
            let distances = 4 * lists * (found + lists)
            return samples * vector + distances + lists * (3 * vector + 12) + found * 8
        }
    }

    /// - Throws: ``LoadingError`` for an index that would be poor or that the server would not build.
    func check(_ columns: [IndexedColumn]) throws(LoadingError) {
        guard kind == .ivfflat else { return }
        for column in columns where column.vectors > 0 && lists(vectors: column.vectors) > column.vectors {
            throw .poorIndex(column: column.name, lists: lists(vectors: column.vectors), vectors: column.vectors)
        }
        guard neededMegabytes <= maintenanceMegabytes else {
            throw .indexMemory(lists: lists, needed: neededMegabytes, given: maintenanceMegabytes)
        }
    }
}

/// A column of vectors to build an index on.
struct IndexedColumn: Sendable {
    let name: String
    let dimensions: Int
    /// Rows that are not NULL.
    let vectors: Int
}
