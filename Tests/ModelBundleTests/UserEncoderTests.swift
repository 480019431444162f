import Foundation
import Kernels
import ModelBundle
import Testing

@Suite struct UserEncoderTests {
    private let encoder = UserEncoder(
        geometry: SmallBundle.geometry, encoder: SmallBundle.content.encoder,
        genreRows: SmallBundle.content.genreRows)

    @Test func `an empty history has no vector`() {
        #expect(encoder.encode([]) == nil)
    }

    @Test func `a vector has norm M and ends with 0`() throws {
        let vector = try #require(encoder.encode([.init(row: 0, rating: 5), .init(row: 1)]))
        #expect(vector.count == 4)
        #expect(vector[3] == 0)
        #expect(abs(vector.reduce(0) { $0 + $1 * $1 }.squareRoot() - 5) < 1e-5)
    }

    @Test func `the parts are the ones of the recipe`() throws {
        // S = (1, 2), P = 1 − 0.5, s_D = √5, s_g = √(0.25 · 0.25) = 0.25, genre part = 0.2 · √5 / 0.25 · 0.5.
        let vector = try #require(encoder.encode([.init(row: 0)]))
        let genre = 0.4 * 5.0.squareRoot()
        let scale = 5 / (5 + genre * genre).squareRoot()
        for (value, expected) in zip(vector, [scale, 2 * scale, genre * scale, 0]) {
            #expect(abs(Double(value) - expected) < 1e-6)
        }
    }

    @Test func `the prior is added to a history and is no taste by itself`() throws {
        var geometry = SmallBundle.geometry
        geometry.prior = [2, 0]
        let content = SmallBundle.content
        let encoder = UserEncoder(geometry: geometry, encoder: content.encoder, genreRows: content.genreRows)
        #expect(encoder.encode([]) == nil)
        #expect(encoder.encode([.init(row: 3)]) == nil)
        // S = (2, 0) + (1, 2) + (3, 4); the two genre rows average to the base.
        let vector = try #require(encoder.encode([.init(row: 0), .init(row: 1)]))
        #expect(abs(vector[0] - Float(5 / 2.0.squareRoot())) < 1e-6)
        #expect(vector[0] == vector[1])
    }

    @Test func `a rating weighs around one`() {
        #expect(UserEncoder.weight(rating: 3.5) == 1)
        #expect(abs(UserEncoder.weight(rating: 5) - 1.2) < 1e-12)
        #expect(abs(UserEncoder.weight(rating: 2) - 0.8) < 1e-12)
    }

    @Test func `a genre profile like everyone's leaves the spectral part alone`() throws {
        // Rows 0 (genre 1) and 1 (genre 0) average to the base.
        let vector = try #require(encoder.encode([.init(row: 0), .init(row: 1)]))
        #expect(vector[2] == 0)
    }

    @Test func `items without an encoder row say nothing by themselves`() {
        #expect(encoder.encode([.init(row: 3)]) == nil)
    }

    @Test func `a dislike is taken off the sum and its genres are not in the mean`() throws {
        // S = (1, 2) − 0.5 · (3, 4) = (−0.5, 0); P = 1 − 0.5 as without it.
        let vector = try #require(encoder.encode([.init(row: 0), .init(row: 1, weight: -0.5)]))
        let genre = 0.2 * 0.5 / 0.25 * 0.5
        let scale = 5 / (0.25 + genre * genre).squareRoot()
        for (value, expected) in zip(vector, [-0.5 * scale, 0, genre * scale, 0]) {
            #expect(abs(Double(value) - expected) < 1e-5)
        }
    }

    @Test func `dislikes alone have a vector without a genre part`() throws {
        let vector = try #require(encoder.encode([.init(row: 0, weight: -1)]))
        #expect(vector[2] == 0 && vector[0] < 0 && vector[1] < 0)
    }

    @Test(arguments: [[1.0, 0.8], [1, -0.5], [-0.5, -0.5], [1.2, 1.2]])
    func `contributions add up to the score`(weights: [Double]) throws {
        var geometry = SmallBundle.geometry
        geometry.prior = [2, -1]
        let content = SmallBundle.content
        let encoder = UserEncoder(geometry: geometry, encoder: content.encoder, genreRows: content.genreRows)
        let history = [
            UserEncoder.Entry(row: 0, weight: weights[0]), .init(row: 2, weight: weights[1]), .init(row: 3),
        ]
        let vector = try #require(encoder.encode(history))
        let contributions = try #require(encoder.contributions(of: history))
        for row in 0..<content.itemVectors.rows {
            let score = zip(vector, content.itemVectors[row]).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
            let (baseline, entries) = contributions.parts(of: content.itemVectors[row])
            #expect(entries.count == history.count)
            #expect(abs(baseline + entries.reduce(0, +) - score) < 1e-4)
        }
    }

    @Test func `an empty history contributes nothing`() {
        #expect(encoder.contributions(of: []) == nil)
    }
}
