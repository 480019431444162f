import Logging
import Service
import ServiceLifecycle
import UnixSignals

/// Reads keys and certificate again at each SIGHUP, which without it would end the process.
struct Hangups: ServiceLifecycle.Service {
    let service: KindredService
    let logger: Logger

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        await cancelWhenGracefulShutdown {
            for await _ in signals { service.reload(logger) }
        }
    }
}
