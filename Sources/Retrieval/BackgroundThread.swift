import Foundation

/// One thread for work that takes seconds and that no request waits for.
///
/// It is nicer than the event loops: on a busy machine the kernel gives it about a quarter of what it gives one of them.
/// `@unchecked Sendable` holds because `jobs` is only touched under `condition`.
final class BackgroundThread: TaskExecutor, @unchecked Sendable {
    /// Jobs refer to their executor without owning it, so this one is never gone.
    static let shared = BackgroundThread()

    private static let niceness: Int32 = 6

    private let condition = NSCondition()
    private var jobs: [UnownedJob] = []

    private init() {
        let thread = Thread { [self] in
            // On Linux this is the calling thread's own. Refused, it works on at the others' priority.
            _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Self.niceness)
            while true {
                for job in take() { job.runSynchronously(on: asUnownedTaskExecutor()) }
            }
        }
        thread.name = "kindred-background"
        thread.start()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        condition.withLock {
            jobs.append(job)
            condition.signal()
        }
    }

    private func take() -> [UnownedJob] {
        condition.withLock {
            while jobs.isEmpty { condition.wait() }
            defer { jobs = [] }
            return jobs
        }
    }
}
