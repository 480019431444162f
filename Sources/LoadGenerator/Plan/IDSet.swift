/// The ids that requests ask for.
package enum IDSet: Sendable, Equatable {
    case range(ClosedRange<Int>)
    /// Not empty.
    case list([Int])

    /// `first-last`, both included, one id, or a list such as `5,9,12`.
    package init(_ text: String) throws(LoadPlanError) {
        if text.contains(",") {
            let ids = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
            try self.init(ids.map { $0 ?? -1 }, text: text)
            return
        }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, first >= 0 else {
            throw .invalid("the ids '\(text)' are not a range such as 1-1682 nor a list such as 5,9,12")
        }
        guard first <= last else { throw .invalid("the range of ids \(text) is empty") }
        self = .range(first...last)
    }

    package init(_ ids: [Int]) throws(LoadPlanError) {
        try self.init(ids, text: ids.map(String.init).joined(separator: ","))
    }

    private init(_ ids: [Int], text: String) throws(LoadPlanError) {
        guard !ids.isEmpty else { throw .invalid("the list of ids is empty") }
        guard ids.allSatisfy({ $0 >= 0 }) else { throw .invalid("the ids '\(text)' are not whole numbers from 0 on") }
        self = .list(ids)
    }

    var count: Int {
        switch self {
        case .range(let range): range.count
        case .list(let ids): ids.count
        }
    }

    subscript(rank: Int) -> Int {
        switch self {
        case .range(let range): range.lowerBound + rank
        case .list(let ids): ids[rank]
        }
    }
}
