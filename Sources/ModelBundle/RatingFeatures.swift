/// The regression of a predicted rating: features, standardised, and the products of any two of them.
package enum RatingFeatures {
    /// User bias, item bias, ln(1 + user's ratings), ln(1 + item's ratings), co-rated residual, ln(1 + co-rating),
    /// second-order residual, agreeing residual, the same with squared weights, genre residual, year residual, group
    /// residual, user's deviation, item's deviation, standardised vector score.
    package static let count = 15

    /// Products of two of the features and 1.
    package static let products = (count + 1) * (count + 2) / 2

    /// How many deviations a feature may be from its mean: a square grows fast beyond what the fit has seen.
    private static let reach = 4.0

    /// In place; the place after the last feature becomes 1.
    package static func standardize(
        _ values: UnsafeMutableBufferPointer<Double>, _ means: [Double], _ deviations: [Double]
    ) {
        for index in 0..<count {
            let value = (values[index] - means[index]) / deviations[index]
            values[index] = min(max(value, -reach), reach)
        }
        values[count] = 1
    }

    /// All products xᵢ xⱼ, i ≤ j, row after row.
    package static func expand(
        _ values: UnsafeMutableBufferPointer<Double>, into target: UnsafeMutableBufferPointer<Double>
    ) {
        var position = 0
        for row in 0...count {
            for column in row...count {
                target[position] = values[row] * values[column]
                position += 1
            }
        }
    }

    /// Σ w · products.
    package static func weigh(_ values: UnsafeMutableBufferPointer<Double>, _ weights: [Double]) -> Double {
        var position = 0
        var sum = 0.0
        for row in 0...count {
            var inner = 0.0
            for column in row...count {
                inner += weights[position] * values[column]
                position += 1
            }
            sum += inner * values[row]
        }
        return sum
    }
}
