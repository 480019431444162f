import Foundation
import Logging

/// The process's limit of open descriptors.
enum OpenFiles {
    /// What the service opens beside its clients' connections, generously.
    private static let others = 256

    /// Raises the soft limit, which many systems leave at 1024, as far as these connections need it and the hard limit allows.
    static func raiseLimit(for connections: Int, _ logger: Logger) {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return }
        let wanted = rlim_t(connections + others)
        guard limit.rlim_cur < wanted else { return }
        limit.rlim_cur = min(wanted, limit.rlim_max)
        if setrlimit(resource, &limit) != 0 || limit.rlim_cur < wanted {
            logger.warning(
                "the system allows fewer open files than http.connections needs",
                metadata: ["wanted": "\(wanted)", "limit": "\(limit.rlim_cur)"])
        }
    }
}
