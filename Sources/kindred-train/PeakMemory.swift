import Foundation

/// The most memory the process has had resident.
enum PeakMemory {
    static var bytes: Int {
        var usage = rusage()
        #if canImport(Darwin)
            getrusage(RUSAGE_SELF, &usage)
            return usage.ru_maxrss
        #else
            // Glibc declares the parameter as an integer and the constant as an enumeration.
            getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
            // Linux counts in kibibytes.
            return usage.ru_maxrss * 1_024
        #endif
    }

    /// `83 MB`.
    static var text: String { "\(bytes / 1_000_000) MB" }
}
