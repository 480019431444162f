import Logging

/// What the service knows itself and others by, as far as files hold it.
struct Credentials: Sendable {
    let keys: KeyRing?
    let certificate: Certificate?

    init(_ configuration: AccessConfiguration) throws(AccessError) {
        keys = try KeyRing(configuration)
        certificate = try Certificate(configuration)
    }

    /// Reads the files again. What cannot be read stays as it was, and the log says why.
    func reload(_ logger: Logger) {
        do throws(AccessError) {
            try keys?.reload()
            if keys != nil { logger.notice("the keys were read again") }
        } catch {
            logger.error("the keys stay as they were", metadata: ["error": "\(error)"])
        }
        do throws(AccessError) {
            try certificate?.reload()
            if certificate != nil { logger.notice("the certificate was read again") }
        } catch {
            logger.error("the certificate stays as it was", metadata: ["error": "\(error)"])
        }
    }
}
