import NIOCore
import NIOHTTP1

/// One keep-alive connection with at most one request under way; it lives on the driver's event loop.
final class LoadConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let driver: LoadDriver
    private var context: ChannelHandlerContext?
    private(set) var request: PendingRequest?
    private var status = 0
    private var staysOpen = true
    private var promisedLength: Int?
    private var body = ByteBuffer()
    private var failure: (any Error)?

    init(driver: LoadDriver) {
        self.driver = driver
    }

    func send(_ request: PendingRequest, _ head: HTTPRequestHead, _ content: ByteBuffer?) {
        guard let context else { return driver.ended(request, .failed(kind: "closed")) }
        self.request = request
        body.clear()
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if let content { context.write(wrapOutboundOut(.body(.byteBuffer(content))), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    /// Gives up the request under way, and the connection with it: its answer may still come.
    func abandon() {
        request = nil
        close()
    }

    func close() {
        context?.close(promise: nil)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func channelActive(context: ChannelHandlerContext) {
        driver.opened(self)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            status = Int(head.status.code)
            staysOpen = head.isKeepAlive
            promisedLength = head.headers.first(name: "content-length").flatMap { Int($0) }
        case .body(var part):
            body.writeBuffer(&part)
        case .end:
            // An answer to an abandoned request is nobody's.
            guard let request = request.take() else { return }
            driver.ended(request, outcome(), body: body)
            if staysOpen { driver.becameIdle(self) } else { close() }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        failure = failure ?? error
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        if let request = request.take() {
            driver.ended(request, .failed(kind: failure.map(TransportErrorKind.name) ?? "closed"))
        }
        driver.closed(self)
    }

    private func outcome() -> Outcome {
        guard (200..<300).contains(status) else { return .refused(status: status) }
        if let promisedLength, promisedLength != body.readableBytes { return .wrong(status: status) }
        let facts = body.withUnsafeReadableBytes(AnswerScan.facts)
        return facts.isComplete ? .ok(facts) : .wrong(status: status)
    }
}
