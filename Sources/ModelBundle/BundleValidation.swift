import Kernels

/// The rules that a bundle's content keeps, whoever made it.
enum BundleValidation {
    /// How far, relatively, a norm may be from the declared one: float32 rounding is 1e-6 here.
    private static let normTolerance = 1e-3

    static func check(_ content: ModelBundle.Content, against manifest: BundleManifest) throws(BundleError) {
        if let defect = manifest.geometry.defect {
            throw BundleError(.invalidContent, file: BundleFile.manifest, reason: defect)
        }
        try checkShapes(content, manifest.dataset, manifest.geometry)
        try checkIDs(content.items.map(\.id), file: BundleFile.items)
        try checkIDs(content.users.map(\.id), file: BundleFile.users)
        try checkInteractions(content)
        let norm = manifest.geometry.maximumNorm
        try checkRows(
            content.itemVectors, norm: norm, file: BundleFile.itemVectors, cold: manifest.coldItems,
            ids: content.items.map(\.id), list: "coldItems")
        try checkRows(
            content.similarity, norm: 1, file: BundleFile.similarity, cold: manifest.itemsWithoutSimilarity,
            ids: content.items.map(\.id), list: "itemsWithoutSimilarity")
        try checkRows(
            content.userVectors, norm: norm, lastIsZero: true, file: BundleFile.userVectors,
            cold: manifest.coldUsers, ids: content.users.map(\.id), list: "coldUsers")
        try checkFinite(content.encoder, file: BundleFile.encoder)
        try checkFinite(content.genreRows, file: BundleFile.genreRows)
        if let head = content.ratingHead { try head.check(items: manifest.dataset.items) }
    }

    static func checkShapes(
        _ content: ModelBundle.Content, _ dataset: BundleManifest.Dataset, _ geometry: Geometry
    ) throws(BundleError) {
        let items = dataset.items
        let users = dataset.users
        let counts = [
            (BundleFile.items, content.items.count, items), (BundleFile.users, content.users.count, users),
            (BundleFile.interactions, content.interactions.count, dataset.interactions),
        ]
        for (file, count, expected) in counts where count != expected {
            throw BundleError(.invalidContent, file: file, reason: "has \(count) rows, manifest says \(expected)")
        }
        let shapes = [
            (BundleFile.itemVectors, content.itemVectors, items, geometry.dimensions),
            (BundleFile.similarity, content.similarity, items, geometry.similarityDimensions),
            (BundleFile.userVectors, content.userVectors, users, geometry.dimensions),
            (BundleFile.encoder, content.encoder, items, geometry.spectralDimensions),
            (BundleFile.genreRows, content.genreRows, items, geometry.genreDimensions),
        ]
        for (file, matrix, rows, columns) in shapes where matrix.rows != rows || matrix.columns != columns {
            throw BundleError(
                .invalidContent, file: file,
                reason: "is \(matrix.rows) × \(matrix.columns), manifest says \(rows) × \(columns)")
        }
    }

    private static func checkIDs(_ ids: [Int32], file: String) throws(BundleError) {
        for (previous, next) in zip(ids, ids.dropFirst()) where previous >= next {
            throw BundleError(
                .invalidContent, file: file, reason: "id \(next) follows \(previous): ids are unique and ascending")
        }
    }

    private static func checkInteractions(_ content: ModelBundle.Content) throws(BundleError) {
        let items = IDSet(content.items.map(\.id))
        let users = IDSet(content.users.map(\.id))
        for (row, interaction) in content.interactions.enumerated() {
            let reason: String
            if !users.contains(interaction.user) {
                reason = "user \(interaction.user) is not in \(BundleFile.users)"
            } else if !items.contains(interaction.item) {
                reason = "item \(interaction.item) is not in \(BundleFile.items)"
            } else if !interaction.value.isFinite {
                reason = "the value is not finite"
            } else {
                continue
            }
            throw BundleError(.invalidContent, file: BundleFile.interactions, reason: "row \(row): \(reason)")
        }
    }

    private static func checkRows(
        _ matrix: FloatMatrix, norm: Double, lastIsZero: Bool = false, file: String, cold: [Int32], ids: [Int32],
        list: String
    ) throws(BundleError) {
        try checkFinite(matrix, file: file)
        guard matrix.zeroRows().map({ ids[$0] }) == cold else {
            throw BundleError(
                .invalidContent, file: file, reason: "its all-zero rows are not the ones the manifest lists as \(list)")
        }
        let zero = Set(cold)
        let norms = matrix.rowNorms()
        for row in 0..<matrix.rows where !zero.contains(ids[row]) {
            guard abs(norms[row] - norm) <= normTolerance * norm else {
                throw BundleError(
                    .invalidContent, file: file, reason: "row \(row) has norm \(norms[row]), not \(norm)")
            }
            if lastIsZero, matrix[row, matrix.columns - 1] != 0 {
                throw BundleError(.invalidContent, file: file, reason: "row \(row) does not end with 0")
            }
        }
    }

    static func checkFinite(_ matrix: FloatMatrix, file: String) throws(BundleError) {
        guard let position = matrix.firstNonFinite() else { return }
        throw BundleError(
            .invalidContent, file: file,
            reason: "row \(position / matrix.columns), column \(position % matrix.columns) is not a finite number")
    }
}

/// Ids as a bitset where they lie close together: there are two look-ups for every interaction.
private enum IDSet {
    case bits(RowSet)
    case scattered(Set<Int32>)

    init(_ ids: [Int32]) {
        let isClose = (ids.first ?? 0) >= 0 && Int(ids.last ?? 0) <= 64 * ids.count
        self = isClose ? .bits(RowSet(ids)) : .scattered(Set(ids))
    }

    func contains(_ id: Int32) -> Bool {
        switch self {
        case .bits(let rows): rows.contains(id)
        case .scattered(let ids): ids.contains(id)
        }
    }
}

extension FloatMatrix {
    /// The L2 norm of each row, summed in double precision.
    fileprivate func rowNorms() -> [Double] {
        withUnsafeBufferPointer { all in
            (0..<rows).map { row in
                var sum = 0.0
                for position in row * columns..<(row + 1) * columns {
                    sum += Double(all[position]) * Double(all[position])
                }
                return sum.squareRoot()
            }
        }
    }

    /// The position, counted through all rows, of the first NaN or infinity.
    fileprivate func firstNonFinite() -> Int? {
        withUnsafeBufferPointer { all in all.firstIndex { !$0.isFinite } }
    }
}
