import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// An HTTP server on a port of its own; one event loop answers all connections.
struct TestServer {
    enum Behaviour {
        case answer(String)
        case status(Int)
        /// Closes the connection instead of answering.
        case hangUp
        /// Promises more than it sends, then closes the connection.
        case truncated
        case neverAnswer
        /// Stops the whole server for a time, then answers.
        case freeze(seconds: Double)
    }

    let url: String

    /// Runs `body` with a server that answers its n-th request, counted from 0, as `behaviour` says.
    static func run<Result: Sendable>(
        _ behaviour: @escaping @Sendable (_ number: Int) -> Behaviour, body: (TestServer) async throws -> Result
    ) async throws -> Result {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let counter = NIOLoopBoundBox.makeBoxSendingValue(0, eventLoop: loop)
        let channel = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(counter: counter, behaviour: behaviour))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let result: Swift.Result<Result, any Error>
        do {
            result = .success(try await body(TestServer(url: "http://127.0.0.1:\(channel.localAddress!.port!)")))
        } catch {
            result = .failure(error)
        }
        try await group.shutdownGracefully()
        return try result.get()
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let counter: NIOLoopBoundBox<Int>
        private let behaviour: @Sendable (Int) -> Behaviour

        init(counter: NIOLoopBoundBox<Int>, behaviour: @escaping @Sendable (Int) -> Behaviour) {
            self.counter = counter
            self.behaviour = behaviour
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard case .end = unwrapInboundIn(data) else { return }
            defer { counter.value += 1 }
            switch behaviour(counter.value) {
            case .answer(let body): answer(context, .ok, body)
            case .status(let code): answer(context, .init(statusCode: code), "{}")
            case .hangUp: context.close(promise: nil)
            case .truncated:
                let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: ["content-length": "100"])
                context.write(wrapOutboundOut(.head(head)), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: "{")))), promise: nil)
                context.close(promise: nil)
            case .neverAnswer: break
            case .freeze(let seconds):
                Thread.sleep(forTimeInterval: seconds)
                answer(context, .ok, "{}")
            }
        }

        private func answer(_ context: ChannelHandlerContext, _ status: HTTPResponseStatus, _ body: String) {
            let head = HTTPResponseHead(
                version: .http1_1, status: status, headers: ["content-length": "\(body.utf8.count)"])
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}
