import Kernels
import Synchronization

/// The codes of a column, made when an exact scan asks for them first.
///
/// They take a quarter more memory than the vectors alone and a part of a second for a million rows: neither is needed to
/// be ready, nor to take the place of another generation.
final class ColumnCodes: Sendable {
    private enum State {
        case unasked
        case underWay
        case made(QuantizedMatrix)
    }

    private let matrix: FloatMatrix
    private let state = Mutex(State.unasked)

    init(_ matrix: FloatMatrix) { self.matrix = matrix }

    /// Nil while they are being made: a scan of the floats has the same result, later.
    func ifMade() -> QuantizedMatrix? {
        let isFirst = state.withLock { state in
            if case .unasked = state {
                state = .underWay
                return true
            }
            return false
        }
        if isFirst { make() }
        return state.withLock { state in
            if case .made(let codes) = state { codes } else { nil }
        }
    }

    private func make() {
        Task(executorPreference: BackgroundThread.shared) {
            let codes = QuantizedMatrix(self.matrix)
            self.state.withLock { $0 = .made(codes) }
        }
    }
}
