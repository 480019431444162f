import Foundation
import Kernels
import ModelBundle
import MovieLens
import Testing
import Training

@Suite struct ImportTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "kindred-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func write(_ name: String, _ data: Data) throws -> URL {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let url = folder.appending(path: name)
        try data.write(to: url)
        return url
    }

    /// A `.npy` of version 1.0, as NumPy writes it.
    private func npy(
        _ values: [Double], shape: String, type: String = "<f4", fortran: Bool = false
    ) -> Data {
        var header = "{'descr': '\(type)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': (\(shape)), }"
        header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
        var data = Data([0x93] + "NUMPY".utf8 + [1, 0, UInt8(header.utf8.count % 256), UInt8(header.utf8.count / 256)])
        data.append(Data(header.utf8))
        for value in values {
            if type == "<f8" {
                withUnsafeBytes(of: value) { data.append(contentsOf: $0) }
            } else {
                withUnsafeBytes(of: Float(value)) { data.append(contentsOf: $0) }
            }
        }
        return data
    }

    private func vectors(_ name: String, _ data: Data, ids: String? = nil) throws -> OutsideVectors {
        defer { try? FileManager.default.removeItem(at: folder) }
        return try OutsideVectors.read(write(name, data), ids: ids.map { try write("ids.txt", Data($0.utf8)) })
    }

    private func csv(_ text: String) throws -> OutsideVectors { try vectors("v.csv", Data(text.utf8)) }

    private func random(_ rows: Int, _ columns: Int, seed: UInt64) throws -> OutsideVectors {
        var random = SplitMix64(seed: seed)
        return try vectors(
            "v.npy", npy((0..<rows * columns).map { _ in 3 * random.bell() + 1 }, shape: "\(rows), \(columns)"))
    }

    private func squaredDistance(_ left: FloatMatrix.Row, _ right: FloatMatrix.Row) -> Double {
        zip(left, right).reduce(0) { $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1)) }
    }

    private func product(_ left: FloatMatrix.Row, _ right: FloatMatrix.Row) -> Double {
        zip(left, right).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }

    @Test(arguments: ImportedModel.Metric.allCases)
    func `the order of distances is the order of the metric`(metric: ImportedModel.Metric) throws {
        let items = try random(60, 5, seed: 1)
        let users = try random(12, 5, seed: 2)
        let model = try ImportedModel(items: items, users: users, metric: metric)
        for user in 0..<12 {
            func badness(_ item: Int) -> Double {
                let (u, v) = (users.vectors[user], items.vectors[item])
                switch metric {
                case .l2: return squaredDistance(u, v)
                case .innerProduct: return -product(u, v)
                case .cosine: return -product(u, v) / (product(u, u) * product(v, v)).squareRoot()
                }
            }
            let wanted = (0..<60).sorted { badness($0) < badness($1) }
            let distances = (0..<60).map { squaredDistance(model.userVectors[user], model.itemVectors[$0]) }
            for (nearer, farther) in zip(wanted, wanted.dropFirst()) {
                #expect(distances[nearer] <= distances[farther] * (1 + 1e-5))
            }
        }
    }

    @Test(arguments: ImportedModel.Metric.allCases)
    func `the bundle keeps every rule and can be read back`(metric: ImportedModel.Metric) throws {
        let items = try random(20, 4, seed: 3)
        let model = try ImportedModel(items: items, users: nil, metric: metric)
        let bundle = try ModelBundle(
            name: "imported",
            dataset: .init(name: "x", checksum: "", users: 0, items: 20, interactions: 0, synthetic: false),
            geometry: model.geometry,
            content: .init(
                items: items.ids.map { CatalogueItem(id: $0, title: "\($0)") }, users: [], interactions: [],
                itemVectors: model.itemVectors, similarity: model.similarity, userVectors: model.userVectors,
                encoder: model.encoder, genreRows: FloatMatrix(rows: 20, columns: 0, values: [])))
        let url = folder.appending(path: "bundle")
        defer { try? FileManager.default.removeItem(at: folder) }
        try bundle.write(to: url)
        #expect(try ModelBundle.read(at: url).manifest == bundle.manifest)
        #expect(bundle.coldItems.isEmpty)
    }

    @Test func `an l2 history is encoded as the mean of its items`() throws {
        let items = try csv("1,0,0\n2,4,0\n3,0,2\n4,1,1\n")
        let mean = try csv("1,2,0\n")
        let model = try ImportedModel(items: items, users: mean, metric: .l2)
        let encoder = UserEncoder(
            geometry: model.geometry, encoder: model.encoder, genreRows: FloatMatrix(rows: 4, columns: 0, values: []))
        let encoded = try #require(encoder.encode([.init(row: 0), .init(row: 1)]))
        for (one, other) in zip(encoded, model.userVectors[0]) { #expect(abs(one - other) < 1e-5) }
    }

    @Test func `both widths of float are read and rows follow their ids`() throws {
        let values = [1.5, -2, 0.25, 8]
        for type in ["<f4", "<f8"] {
            let read = try vectors("v.npy", npy(values, shape: "2, 2", type: type), ids: "20\n3\n")
            #expect(read.ids == [3, 20])
            #expect(Array(read.vectors[0]) == [0.25, 8])
            #expect(Array(read.vectors[1]) == [1.5, -2])
        }
        #expect(try vectors("v.npy", npy(values, shape: "4, 1")).ids == [1, 2, 3, 4])
    }

    @Test func `texts as ids are kept and a header is left out`() throws {
        let read = try csv("id,x,y\nb,1,2\na,3,-4e-1\n")
        #expect(read.ids == [1, 2])
        #expect(read.texts == ["a", "b"])
        #expect(Array(read.vectors[0]) == [3, -0.4])
    }

    @Test(arguments: [
        ("", "v.csv: the file has no rows"),
        ("1,2\n1,3\n", "v.csv:2: id '1' appears twice"),
        ("1,2,3\n2,3\n", "v.csv:2: 1 values where 2 are expected"),
        ("1,2\n2,nan\n", "v.csv:2: value 1, 'nan', is not a finite number"),
        ("1,nan\n", "v.csv:1: value 1, 'nan', is not a finite number"),
        ("1,1e60\n", "v.csv:1: value 1, '1e60', is not a finite number"),
        ("1\n", "v.csv:1: one column where an id and values are expected"),
        ("1,1\n\n2,1\n", "v.csv:2: the line is blank"),
    ])
    func `a bad CSV is named by line`(text: String, message: String) {
        let error = #expect(throws: MovieLensError.self) { try csv(text) }
        #expect(error?.description == message)
    }

    @Test func `an array that is not rows of floats is refused with what it is`() {
        let cases: [(Data, String)] = [
            (Data(), "the file is empty"), (Data("1,2,3,4,5,6,7".utf8), "not a .npy file"),
            (npy([1], shape: "1,"), "shape is (1,)"), (npy([1], shape: "1, 1, 1"), "shape is (1, 1, 1)"),
            (npy([1, 2], shape: "1, 2", fortran: true), "Fortran order"),
            (npy([1, 2], shape: "1, 2", type: "<i4"), "type is '<i4'"),
            (npy([1, 2], shape: "2, 2"), "8 bytes do not hold 2 × 2"),
            (npy([1, .nan], shape: "1, 2"), "'1' has a value that is not finite"),
            (npy([], shape: "0, 2"), "no vectors"),
            (npy([1, 2], shape: "1, 2").prefix(40), "cut off"),
        ]
        for (data, message) in cases {
            let error = #expect(throws: MovieLensError.self) { try vectors("v.npy", data) }
            #expect(error?.reason.contains(message) == true, "\(message): \(error?.reason ?? "")")
        }
        let error = #expect(throws: MovieLensError.self) {
            try vectors("v.npy", npy([1, 2], shape: "2, 1"), ids: "1\n2\n3\n")
        }
        #expect(error?.reason == "3 ids for the 2 rows of v.npy")
    }

    @Test func `vectors that do not fit the metric or each other are refused`() throws {
        let items = try csv("1,0,0\n2,1,1\n")
        #expect(throws: MovieLensError.self) { try ImportedModel(items: items, users: nil, metric: .cosine) }
        #expect(throws: MovieLensError.self) {
            try ImportedModel(items: items, users: csv("1,2\n"), metric: .innerProduct)
        }
        let same = try csv("1,2,2\n2,2,2\n")
        #expect(throws: MovieLensError.self) { try ImportedModel(items: same, users: nil, metric: .l2) }
        let zero = try csv("1,0,0\n")
        #expect(throws: MovieLensError.self) { try ImportedModel(items: zero, users: nil, metric: .innerProduct) }
        let wide = try csv("1" + String(repeating: ",1", count: 1_999) + "\n")
        #expect(throws: MovieLensError.self) { try ImportedModel(items: wide, users: nil, metric: .innerProduct) }
        #expect(try ImportedModel(items: items, users: nil, metric: .innerProduct).similarity[0].allSatisfy { $0 == 0 })
    }
}
