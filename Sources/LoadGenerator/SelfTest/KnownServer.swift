import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// An HTTP server whose latencies are known; the self-test measures it from another process.
///
/// | Path | Answer |
/// |---|---|
/// | `/delay/N` | after N microseconds |
/// | `/known` | after 2, 10 or 40 ms, in fixed shares |
/// | `/frozen` | after 2 ms; the whole server stands still once, a time after the first such request |
package struct KnownServer: Sendable {
    /// A latency and the share of answers, of 1,000, that have it; their percentiles 50, 90 and 99 are 2, 10 and 40 ms.
    static let known: [(milliseconds: Int64, share: Int)] = [(2, 850), (10, 130), (40, 20)]
    static let frozenDelayMs: Int64 = 2

    /// Seconds from the first request to `/frozen` to the freeze, and how long that lasts.
    package let freezeAfter: Double
    package let freeze: Double

    package init(freezeAfter: Double, freeze: Double) {
        self.freezeAfter = freezeAfter
        self.freeze = freeze
    }

    /// Serves on a free port of the loopback until `body` returns.
    package func run(_ body: (_ port: Int) async throws -> Void) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let state = NIOLoopBoundBox.makeBoxSendingValue(State(), eventLoop: loop)
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(server: self, state: state))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let result: Result<Void, any Error>
        do {
            try await body(channel.localAddress?.port ?? 0)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        try await group.shutdownGracefully()
        try result.get()
    }

    private struct State {
        var answered = 0
        var freezes = false
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private static let body = ByteBuffer(
            string: #"{"generation":1,"requested":1,"returned":1,"results":[{"id":1}]}"#)
        private static let head = HTTPResponseHead(
            version: .http1_1, status: .ok,
            headers: ["content-type": "application/json", "content-length": "\(body.readableBytes)"])

        private let server: KnownServer
        private let state: NIOLoopBoundBox<State>
        private var uri = ""

        init(server: KnownServer, state: NIOLoopBoundBox<State>) {
            self.server = server
            self.state = state
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): uri = head.uri
            case .body: break
            case .end:
                let delay = delay(context.eventLoop)
                guard delay > .zero else { return Self.answer(context) }
                let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
                context.eventLoop.scheduleTask(in: delay) { Self.answer(bound.value) }
            }
        }

        private func delay(_ loop: any EventLoop) -> TimeAmount {
            if uri.hasPrefix("/delay/") { return .microseconds(Int64(uri.dropFirst(7)) ?? 0) }
            if uri == "/frozen" {
                freezeOnce(loop)
                return .milliseconds(KnownServer.frozenDelayMs)
            }
            state.value.answered += 1
            // A prime to 1,000 visits every residue, and the slow ones far apart.
            var residue = state.value.answered * 389 % 1_000
            for (milliseconds, share) in KnownServer.known {
                if residue < share { return .milliseconds(milliseconds) }
                residue -= share
            }
            return .zero
        }

        private func freezeOnce(_ loop: any EventLoop) {
            guard !state.value.freezes else { return }
            state.value.freezes = true
            let seconds = server.freeze
            loop.scheduleTask(in: .nanoseconds(Int64(server.freezeAfter * 1e9))) {
                Thread.sleep(forTimeInterval: seconds)
            }
        }

        private static func answer(_ context: ChannelHandlerContext) {
            guard context.channel.isActive else { return }
            context.write(NIOAny(HTTPServerResponsePart.head(head)), promise: nil)
            context.write(NIOAny(HTTPServerResponsePart.body(.byteBuffer(body))), promise: nil)
            context.writeAndFlush(NIOAny(HTTPServerResponsePart.end(nil)), promise: nil)
        }
    }
}
