import Foundation
import Loading
import Synchronization

/// Tells a load's steps on standard error, each with the time since the start; an index's progress overwrites its
/// own line on a terminal and is left out elsewhere.
final class LoadProgress: Sendable {
    private let start = ContinuousClock.now
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let hasOpenLine = Mutex(false)

    func begin(_ step: String) { line(step) }

    func end() { closeLine() }

    @Sendable func report(_ event: LoadEvent) {
        switch event {
        case .waiting(let reason): line("waiting: \(reason)")
        case .locked, .committed: break
        case .cleanedUp(let generations):
            line("removed what an interrupted load left: generation \(list(generations))")
        case .registered(let generation): line("loading as generation \(generation)")
        case .tablesCreated: break
        case .catalogueCopied(let items, let users, let interactions):
            line("copied \(items) items, \(users) users, \(interactions) interactions")
        case .vectorsCopied(let items, let users): line("copied the vectors of \(items) items and \(users) users")
        case .progress(let column, let phase, let fraction): overwrite(column, phase, fraction)
        case .indexed(let column): line("indexed \(column)")
        case .analysed: line("analysed")
        case .ready: line("ready")
        case .activated(let replaced):
            line("activated" + (replaced.map { ", replacing generation \($0)" } ?? ""))
        case .notice(let text): line(text)
        }
    }

    private func list(_ generations: [Int]) -> String { generations.map(String.init).joined(separator: ", ") }

    private func overwrite(_ column: String, _ phase: String, _ fraction: Double?) {
        guard isTerminal else { return }
        let percent = fraction.map { " " + $0.formatted(.percent.precision(.fractionLength(0))) } ?? ""
        hasOpenLine.withLock { $0 = true }
        write("\r\u{1B}[K\(stamp) indexing \(column): \(phase)\(percent)")
    }

    private func line(_ text: String) {
        closeLine()
        write("\(stamp) \(text)\n")
    }

    private func closeLine() {
        let wasOpen = hasOpenLine.withLock { isOpen in
            defer { isOpen = false }
            return isOpen
        }
        if wasOpen { write("\r\u{1B}[K") }
    }

    private var stamp: String {
        let seconds = start.duration(to: .now) / .seconds(1)
        return "[" + seconds.formatted(.number.precision(.fractionLength(2))) + " s]"
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
