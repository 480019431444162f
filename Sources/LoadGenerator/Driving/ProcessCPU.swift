import Foundation

/// Processor time of this process.
enum ProcessCPU {
    /// User and system seconds of all threads so far; as getrusage says, to the nanosecond.
    static func seconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
