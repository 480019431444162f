import NIOSSL
import Synchronization

/// The certificate and the key that the port shows, as their files had them last.
final class Certificate: Sendable {
    private let certificateFile: String
    private let keyFile: String
    private let held: Mutex<NIOSSLContext>

    /// Nil where no certificate is set.
    init?(_ configuration: AccessConfiguration) throws(AccessError) {
        switch (configuration.tlsCertificateFile, configuration.tlsKeyFile) {
        case (nil, nil): return nil
        case (let certificate?, let key?):
            certificateFile = certificate
            keyFile = key
            held = Mutex(try Self.read(certificate, key))
        case (_?, nil): throw AccessError(description: "tls.certificate.file is set, and tls.key.file is not")
        case (nil, _?): throw AccessError(description: "tls.key.file is set, and tls.certificate.file is not")
        }
    }

    /// For the connections that begin now.
    var context: NIOSSLContext { held.withLock { $0 } }

    /// Reads the files again; when it throws, the former certificate is shown on. Connections that are open keep
    /// theirs.
    func reload() throws(AccessError) {
        let fresh = try Self.read(certificateFile, keyFile)
        held.withLock { $0 = fresh }
    }

    private static func read(_ certificate: String, _ key: String) throws(AccessError) -> NIOSSLContext {
        do {
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
            configuration.minimumTLSVersion = .tlsv12
            configuration.applicationProtocols = ["http/1.1"]
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw AccessError(
                description: "tls.certificate.file \(certificate) and tls.key.file \(key) cannot be used: \(error)")
        }
    }
}
