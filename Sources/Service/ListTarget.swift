import Retrieval

/// A request target that asks for a list in the plainest way: `/v1/movies/1/similar?k=10&engine=memory`.
///
/// Anything else, wrong or only unusual, is nil and the router's: two readings of one language must never disagree, so
/// this one understands little.
struct ListTarget: Equatable {
    private(set) var request: SearchRequest

    init?(_ target: String) {
        var target = target
        let parsed = target.withUTF8 { bytes in
            var rest = bytes[...]
            return Self.parse(&rest)
        }
        guard let parsed else { return nil }
        self = parsed
    }

    private init(_ request: SearchRequest) { self.request = request }

    private typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

    private static func parse(_ rest: inout Bytes) -> ListTarget? {
        let route: RetrievalMetrics.Route
        if take("/v1/movies/", from: &rest) {
            route = .similar
        } else if take("/v1/users/", from: &rest) {
            route = .recommendations
        } else {
            return nil
        }
        guard let id = number(&rest, in: 1...Int(Int32.max)),
            take(route == .similar ? "/similar" : "/recommendations", from: &rest)
        else { return nil }
        var target = ListTarget(SearchRequest(route, of: Int32(id)))
        guard !rest.isEmpty else { return target }
        return take("?", from: &rest) && target.readQuery(&rest) ? target : nil
    }

    private mutating func readQuery(_ rest: inout Bytes) -> Bool {
        var (hasCount, hasEngine) = (false, false)
        repeat {
            if !hasCount, Self.take("k=", from: &rest) {
                guard let count = Self.number(&rest, in: 1...100) else { return false }
                request.count = count
                hasCount = true
            } else if !hasEngine, Self.take("engine=", from: &rest) {
                guard let engine = SearchOptions.Engine.allCases.first(where: { Self.take($0.name, from: &rest) })
                else { return false }
                request.options.engine = engine
                hasEngine = true
            } else {
                return false
            }
        } while Self.take("&", from: &rest)
        return rest.isEmpty
    }

    private static func take(_ text: StaticString, from rest: inout Bytes) -> Bool {
        let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard rest.starts(with: wanted) else { return false }
        rest = rest.dropFirst(wanted.count)
        return true
    }

    private static func number(_ rest: inout Bytes, in range: ClosedRange<Int>) -> Int? {
        var value = 0
        let digits = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        guard 1...10 ~= digits.count else { return nil }
        for digit in digits { value = 10 * value + Int(digit - UInt8(ascii: "0")) }
        rest = rest.dropFirst(digits.count)
        return range.contains(value) ? value : nil
    }
}

extension SearchOptions.Engine {
    fileprivate var name: StaticString {
        switch self {
        case .pgvector: "pgvector"
        case .memory: "memory"
        case .auto: "auto"
        }
    }
}
