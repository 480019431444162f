import Foundation

/// A TCP connection that sends bytes as they are, for what no HTTP client would send.
///
/// `@unchecked Sendable` holds because a test uses it from one task at a time.
final class RawConnection: @unchecked Sendable {
    private let descriptor: Int32

    struct Failure: Error { let step: String, code: Int32 }

    init(port: Int) throws {
        // To write to a peer that has gone is an error to be caught.
        signal(SIGPIPE, SIG_IGN)
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw Failure(step: "connect", code: errno) }
        // A test that hangs says nothing.
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    func send(_ text: String) throws {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress!, $0.count) }
            guard count > 0 else { throw Failure(step: "write", code: errno) }
            rest = rest.dropFirst(count)
        }
    }

    /// Sends the text so many times, or as often as the peer takes it; returns how often that was. On a thread of its
    /// own: a peer that does not read makes it wait.
    func send(_ text: String, times: Int) async -> Int {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var sent = 0
                while sent < times, (try? self.send(text)) != nil { sent += 1 }
                continuation.resume(returning: sent)
            }
        }
    }

    /// Tells the peer that nothing more comes.
    func closeSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Breaks the connection off.
    func reset() {
        var now = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
        shutdown(descriptor, Int32(SHUT_RDWR))
        let other = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        // Closing is what sends the reset; the number stays taken, so that `deinit` closes nobody else's.
        dup2(other, descriptor)
        close(other)
    }

    /// Reads until the text satisfies `isEnough` or the peer closes.
    ///
    /// On a thread of its own: the service under test runs in this process, and two tests that block the two threads of
    /// Swift's pool would wait for it for ever.
    func receive(until isEnough: @escaping @Sendable (String) -> Bool = { _ in false }) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try self.blockingReceive(isEnough) }) }
        }
    }

    private func blockingReceive(_ isEnough: (String) -> Bool) throws -> String {
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let text = String(decoding: received, as: UTF8.self)
            if isEnough(text) { return text }
            let count = read(descriptor, &buffer, buffer.count)
            guard count >= 0 else { throw Failure(step: "read", code: errno) }
            if count == 0 { return text }
            received += buffer[..<count]
        }
    }
}
