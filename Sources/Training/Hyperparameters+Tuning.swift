extension Hyperparameters {
    /// One number that tuning may change.
    package struct Tunable: Sendable {
        /// As in `named`.
        package let name: String
        /// What is tried, ascending; the recipe's own value is among them.
        package let grid: [Double]
        /// What a file may set.
        let range: ClosedRange<Double>
        let set: @Sendable (inout Hyperparameters, Double) -> Void
    }

    /// What decides the recommendation vectors, in the order in which it is searched.
    package static let tunable = [
        Tunable(name: "user_exponent", grid: [0.2, 0.25, 0.3, 0.35, 0.4], range: 0...2) { $0.userExponent = $1 },
        Tunable(name: "item_exponent", grid: [0.2, 0.25, 0.3, 0.35, 0.4], range: 0...2) { $0.itemExponent = $1 },
        Tunable(name: "filter_cut", grid: [8, 10, 12, 13, 14, 16, 20], range: 1...1_000) {
            $0.filterCut = Int($1.rounded())
        },
        Tunable(name: "filter_power", grid: [2, 2.5, 3, 3.5, 4], range: 0...20) { $0.filterPower = $1 },
        Tunable(name: "encoder_exponent", grid: [0.3, 0.35, 0.4, 0.45, 0.5], range: 0...2) { $0.encoderExponent = $1 },
        Tunable(name: "decoder_exponent", grid: [0.2, 0.25, 0.3, 0.35, 0.4], range: 0...2) { $0.decoderExponent = $1 },
        Tunable(name: "user_genre_weight", grid: [0, 0.1, 0.15, 0.2, 0.25, 0.3], range: 0...10) {
            $0.userGenreWeight = $1
        },
        Tunable(name: "prior_items", grid: [0, 2, 4, 8, 12, 16], range: 0...1_000) { $0.priorItems = $1 },
    ]

    /// The same with other values.
    ///
    /// - Parameter values: by the names of ``tunable``.
    package func setting(_ values: [String: Double]) throws(TrainingError) -> Hyperparameters {
        var result = self
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            guard let tunable = Hyperparameters.tunable.first(where: { $0.name == name }) else {
                throw .unknownParameter(name)
            }
            // A comparison with NaN is false: it is refused too.
            guard tunable.range.contains(value) else {
                throw .parameterOutside(name, value, tunable.range)
            }
            tunable.set(&result, value)
        }
        return result
    }
}
