import NIOCore

extension EncodedAnswer {
    /// An answer that is not cached here.
    ///
    /// - Parameter isKept: whether clients may keep it.
    init(_ value: some Encodable, isKept: Bool) throws {
        let body = try JSONBody.encode(value)
        let fingerprint = body.withUnsafeReadableBytes { Self.fingerprint($0) }
        self.init(body: body, etag: isKept ? #"W/"\#(String(fingerprint, radix: 16))""# : nil)
    }
}
