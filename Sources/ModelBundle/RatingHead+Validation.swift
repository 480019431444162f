import Kernels

extension RatingHead {
    /// Checks the parameters against the catalogue's size.
    ///
    /// - Throws: `BundleError` with `unsupportedFormat` for a version this one does not know, else `invalidContent`.
    func check(items count: Int) throws(BundleError) {
        try constants.check()
        let columns = Column.firstGroup + constants.groups.count
        guard items.rows == count, items.columns == columns else {
            throw BundleError(
                .invalidContent, file: BundleFile.ratingItems,
                reason: "is \(items.rows) × \(items.columns), manifest says \(count) × \(columns)")
        }
        try BundleValidation.checkFinite(items, file: BundleFile.ratingItems)
        for row in 0..<count {
            guard items[row, Column.logCount] >= 0, items[row, Column.deviation] >= 0,
                (0...9_999).contains(items[row, Column.year])
            else {
                throw BundleError(
                    .invalidContent, file: BundleFile.ratingItems,
                    reason: "row \(row): a count or deviation is negative, or the year is not 0…9999")
            }
        }
        try checkNeighbors(items: count)
    }

    private func checkNeighbors(items count: Int) throws(BundleError) {
        let file = BundleFile.ratingNeighbors
        guard neighbors.items == count else {
            throw BundleError(.invalidContent, file: file, reason: "has \(neighbors.items) items, not \(count)")
        }
        for row in 0..<count {
            for kind in RatingNeighbors.Kind.allCases {
                var previous: Int32 = -1
                var ended = false
                for neighbor in neighbors.all[neighbors.range(kind, of: row)] {
                    let isBlank = neighbor == .none
                    guard isBlank || (!ended && neighbor.row > previous && neighbor.row < count) else {
                        throw BundleError(
                            .invalidContent, file: file,
                            reason: "row \(row): neighbour \(neighbor.row) follows \(previous): rows ascend, end with "
                                + "blanks and are below \(count)")
                    }
                    guard neighbor.similarity.isFinite, neighbor.similarity >= 0 else {
                        throw BundleError(
                            .invalidContent, file: file, reason: "row \(row): a similarity is negative or not finite")
                    }
                    ended = isBlank
                    if !isBlank { previous = neighbor.row }
                }
            }
        }
    }
}

extension RatingHead.Constants {
    fileprivate func check() throws(BundleError) {
        guard version == RatingHead.Constants.currentVersion else {
            throw BundleError(
                .unsupportedFormat, file: BundleFile.ratingHead,
                reason: "version is \(version), this version of Kindred reads \(RatingHead.Constants.currentVersion)")
        }
        if let defect {
            throw BundleError(.invalidContent, file: BundleFile.ratingHead, reason: defect)
        }
    }

    private var defect: String? {
        let numbers =
            [lowest, highest, mean, userShrinkage, profileShrinkage, yearDecay]
            + featureMeans + featureDeviations + weights + [rerankWeight]
        guard numbers.allSatisfy(\.isFinite) else { return "a constant is not finite" }
        guard lowest < highest, (lowest...highest).contains(mean) else { return "mean \(mean) is not in the scale" }
        guard userShrinkage > 0, profileShrinkage > 0, (0..<1).contains(yearDecay) else {
            return "a shrinkage is not positive, or yearDecay is not 0..<1"
        }
        guard featureMeans.count == RatingFeatures.count, featureDeviations.count == RatingFeatures.count,
            weights.count == RatingFeatures.products
        else { return "the numbers of means, deviations and weights are not those of the features" }
        guard featureDeviations.allSatisfy({ $0 > 0 }) else { return "a feature's deviation is not positive" }
        guard rerankWeight >= 0 else { return "rerankWeight \(rerankWeight) is negative" }
        guard Set(groups).count == groups.count else { return "a group is named twice" }
        return nil
    }
}
