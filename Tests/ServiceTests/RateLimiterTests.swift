import NIOCore
import Synchronization
import Testing

@testable import Service

@Suite struct RateLimiterTests {
    /// Time that passes when it is told to, in nanoseconds.
    private final class Clock: Sendable {
        private let time = Mutex<Int64>(5_000_000_000)
        var now: Int64 { time.withLock { $0 } }
        func pass(_ seconds: Double) { time.withLock { $0 += Int64(seconds * 1e9) } }
    }

    private func limiter(_ perSecond: Double, burst: Int, clients: Int = 100, _ clock: Clock) -> RateLimiter {
        RateLimiter(RateLimit(perSecond: perSecond, burst: burst), mostClients: clients) { clock.now }
    }

    private func client(_ number: Int) -> RateLimiter.Client { .key(.init(role: .read, index: number)) }

    @Test("a burst is granted at once, then one request for each interval, and a long rest gives no more than a burst")
    func bucket() {
        let clock = Clock()
        let limiter = limiter(2, burst: 3, clock)
        #expect((0..<3).map { _ in limiter.take(for: client(0)).remaining } == [2, 1, 0])
        let refused = limiter.take(for: client(0))
        #expect(!refused.isGranted && refused.remaining == 0 && refused.retryAfter == 1)
        #expect(refused.secondsUntilFull == 2)
        clock.pass(0.4)
        #expect(!limiter.take(for: client(0)).isGranted)
        clock.pass(0.1)
        #expect(limiter.take(for: client(0)).isGranted)
        #expect(!limiter.take(for: client(0)).isGranted)
        clock.pass(1000)
        #expect((0..<5).map { _ in limiter.take(for: client(0)).isGranted } == [true, true, true, false, false])
    }

    @Test("over any time no client gets more than a burst and the rate, however it spreads its requests")
    func bound() {
        let clock = Clock()
        let limiter = limiter(10, burst: 5, clock)
        var random = SystemRandomNumberGenerator()
        var (granted, passed) = (0, 0.0)
        for _ in 0..<20_000 {
            let pause = Double.random(in: 0..<0.02, using: &random)
            clock.pass(pause)
            passed += pause
            if limiter.take(for: client(1)).isGranted { granted += 1 }
            #expect(Double(granted) <= 5 + 10 * passed + 0.001)
        }
        #expect(Double(granted) >= 10 * passed - 1)
    }

    @Test("what a client is told holds: after Retry-After one request is granted, after the reset a whole burst")
    func promises() {
        let clock = Clock()
        let limiter = limiter(0.25, burst: 4, clock)
        for _ in 0..<4 { #expect(limiter.take(for: client(0)).isGranted) }
        let refused = limiter.take(for: client(0))
        #expect(refused.retryAfter == 4 && refused.secondsUntilFull == 16)
        clock.pass(Double(refused.retryAfter))
        let granted = limiter.take(for: client(0))
        #expect(granted.isGranted && granted.retryAfter == 0)
        clock.pass(Double(granted.secondsUntilFull))
        #expect((0..<4).allSatisfy { _ in limiter.take(for: client(0)).isGranted })
    }

    @Test("clients do not share a bucket, but the addresses of one IPv6 network do")
    func clients() throws {
        let clock = Clock()
        let limiter = limiter(1, burst: 1, clock)
        func take(_ address: String) throws -> Bool {
            limiter.take(for: .address(ClientAddress(try SocketAddress(ipAddress: address, port: 1)))).isGranted
        }
        #expect(try take("192.0.2.1") && take("192.0.2.2") && take("2001:db8::1") && take("2001:db8:0:1::1"))
        #expect(try !take("192.0.2.1") && !take("::ffff:192.0.2.2") && !take("2001:db8::ffff:2"))
        #expect(limiter.take(for: client(0)).isGranted)
        #expect(limiter.take(for: .key(.init(role: .admin, index: 0))).isGranted)
    }

    @Test("memory is bounded, and who keeps asking is not forgotten for those who ask once")
    func memory() {
        let clock = Clock()
        let limiter = limiter(0.001, burst: 2, clients: 64, clock)
        _ = limiter.take(for: client(-1))
        _ = limiter.take(for: client(-1))
        for number in 0..<10_000 {
            _ = limiter.take(for: client(number))
            #expect(limiter.clients <= 64)
            if number.isMultiple(of: 16) { #expect(!limiter.take(for: client(-1)).isGranted, "\(number)") }
        }
    }
}
