import Foundation

/// How the kernel schedules the generator's thread.
package enum Scheduling: String, Sendable, CaseIterable, Codable {
    /// It runs as soon as its timer is due. Without this it waits for its turn behind whatever else runs, the measured
    /// service included, and that wait would count as the service's. Needs CAP_SYS_NICE and a second core.
    case realTime = "real-time"
    case normal

    /// Asks for real time for the calling thread; says what it got.
    static func requestRealTime() -> Scheduling {
        #if os(Linux)
            guard ProcessInfo.processInfo.activeProcessorCount > 1 else { return .normal }
            var parameters = sched_param()
            parameters.sched_priority = sched_get_priority_min(SCHED_FIFO)
            return sched_setscheduler(0, SCHED_FIFO, &parameters) == 0 ? .realTime : .normal
        #else
            return .normal
        #endif
    }
}
