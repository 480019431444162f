/// Who may ask, from where, and how often. Everything is open and unlimited unless it is set.
package struct AccessConfiguration: Sendable {
    /// `read.key`: the key that every route under `/v1` needs. A secret. Default none: no key is needed.
    package var readKey: String?
    /// `read.key.file`: file of such keys, one a line. Default none.
    package var readKeyFile: String?
    /// `admin.key`: the key of the admin routes, which may read too. A secret. Default none: there are no admin routes.
    package var adminKey: String?
    /// `admin.key.file`: file of such keys, one a line. Default none.
    package var adminKeyFile: String?
    /// `cors.origins`: origins whose pages may read the answers, with commas between them, or `*`. Default none.
    package var corsOrigins: String?
    /// `rate.limit`: requests a second that each key, or without keys each address, may send in the long run; 0 for any
    /// number. Default 0.
    package var rateLimit = 0.0
    /// `rate.burst`: requests at once before the limit holds, 1 to 1,000,000. Default: twice the limit, at least 1.
    package var rateBurst: Int?
    /// `tls.certificate.file`: the certificate and those that lead to it, as PEM. Default none: plain HTTP.
    package var tlsCertificateFile: String?
    /// `tls.key.file`: its private key, as PEM. Default none.
    package var tlsKeyFile: String?

    package init() {}

    var limit: RateLimit? {
        guard rateLimit > 0 else { return nil }
        return RateLimit(perSecond: rateLimit, burst: rateBurst ?? max(1, Int((2 * rateLimit).rounded(.up))))
    }
}

/// A setting of the port that cannot be used; it never shows a key.
package struct AccessError: Error, Equatable, CustomStringConvertible {
    package let description: String
}
