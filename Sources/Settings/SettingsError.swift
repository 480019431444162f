/// A setting that cannot be used, named by where it came from.
package enum SettingsError: Error, Equatable, CustomStringConvertible {
    case unreadableFile(path: String, reason: String)
    case invalid(source: String, reason: String)
    case missing(key: String, advice: String)
    case unknownKeys([String])

    package var description: String {
        switch self {
        case .unreadableFile(let path, let reason): "the settings file \(path) cannot be read: \(reason)"
        case .invalid(let source, let reason): "\(source): \(reason)"
        case .missing(let key, let advice): "\(key) is not set: \(advice)"
        case .unknownKeys(let keys): "the settings file has unknown keys: \(keys.joined(separator: ", "))"
        }
    }
}
