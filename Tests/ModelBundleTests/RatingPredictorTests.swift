import Foundation
import ModelBundle
import Testing

@Suite struct RatingPredictorTests {
    private func predictor(_ weights: [(Int, Int, Double)] = [(SmallHead.one, SmallHead.one, 3.25)]) throws
        -> RatingPredictor
    {
        try #require(RatingPredictor(SmallHead.bundle(SmallHead.make(weights: weights))))
    }

    /// Item 1, b = −.5, rated 4: r − μ − b = 1.5, shrunken by one rating a bias of .75, a residual of .75.
    private let history = [RatingPredictor.Rated(row: 1, value: 4)]

    private func features(_ predictor: RatingPredictor, attributes: [String: String] = [:]) -> [Double] {
        var values = [Double](repeating: .nan, count: RatingFeatures.count)
        let profile = predictor.profile(history, attributes: attributes)
        values.withUnsafeMutableBufferPointer { predictor.write(profile, item: 0, to: $0) }
        return values
    }

    @Test func `features are the ones of the definition`() throws {
        let values = features(try predictor(), attributes: ["gender": "F", "occupation": "writer", "age": "30"])
        let genre = 0.0
        let year = 0.75 * 0.25 / (0.25 + 1)
        let agreeing = Double(Float(0.7))
        let expected: [Double] = [
            0.75, 0.5, log(2), 1, 0.5 * 0.75 / (0.5 + 0.5), log(1.5), 0, agreeing * 0.75 / (agreeing + 0.3),
            agreeing * agreeing * 0.75 / (agreeing * agreeing + 0.05), genre, year, 0.25 - 0.5,
            ((0.75 * 0.75 + 1) / 2).squareRoot(), 1,
        ]
        for (index, value) in expected.enumerated() { #expect(abs(values[index] - value) < 1e-6, "feature \(index)") }
        #expect(values[14].isFinite && values[14] != 0)
    }

    @Test func `a group that nobody trained with changes nothing`() throws {
        #expect(features(try predictor(), attributes: ["gender": "X", "age": "old"])[11] == 0)
    }

    @Test func `the weights multiply features and products of features`() throws {
        let predictor = try predictor([(SmallHead.one, SmallHead.one, 3), (0, SmallHead.one, 0.4), (0, 1, 0.8)])
        let prediction = predictor.predict(predictor.profile(history), item: 0)
        #expect(abs(prediction - (3 + 0.4 * 0.75 + 0.8 * 0.75 * 0.5)) < 1e-9)
    }

    @Test func `an unknown item gets the user's mean and an unknown user the item's`() throws {
        let predictor = try predictor()
        let known = predictor.profile(history)
        let unknown = predictor.profile([])
        #expect(predictor.predict(known, item: nil) == 3.75)
        #expect(predictor.predict(known, item: 3) == 3.75)
        #expect(predictor.predict(unknown, item: 0) == 3.5)
        #expect(predictor.predict(unknown, item: nil) == 3)
        #expect(predictor.predict(known, item: 0) == 3.25)
    }

    @Test(arguments: [(1e6, 5.0), (-1e6, 1.0)])
    func `a prediction never leaves the scale`(weight: Double, end: Double) throws {
        let predictor = try predictor([(0, 0, weight)])
        #expect(predictor.predict(predictor.profile(history), item: 0) == end)
    }

    @Test func `a feature far from what was fitted counts as a far one, not more`() throws {
        var head = SmallHead.make(weights: [(SmallHead.one, SmallHead.one, 3), (0, SmallHead.one, 0.25)])
        head.constants.featureDeviations[0] = 0.001
        let predictor = try #require(RatingPredictor(SmallHead.bundle(head)))
        #expect(predictor.predict(predictor.profile(history), item: 0) == 4)
    }

    @Test func `the order of a history does not matter`() throws {
        let predictor = try predictor([(SmallHead.one, SmallHead.one, 3), (4, SmallHead.one, 0.4), (12, 14, 0.3)])
        let rated = [RatingPredictor.Rated(row: 0, value: 2), .init(row: 1, value: 5), .init(row: 2, value: 3)]
        let forward = predictor.predict(predictor.profile(rated), item: 0)
        let backward = predictor.predict(predictor.profile(rated.reversed()), item: 0)
        #expect(abs(forward - backward) < 1e-5)
        #expect(forward != 3)
    }
}
