import Configuration
import Foundation
import SystemPackage

/// The settings of one command: a flag wins over an environment variable, which wins over the file.
///
/// A setting has one dotted key (`cache.entries`). Its flag is `--cache-entries`, its variable
/// `KINDRED_CACHE_ENTRIES` and its place in the JSON file `{"cache": {"entries": …}}`. A value that is
/// there but wrong is an error that names its source; it never gives way to the default. A key of the file that
/// is none of ``keys`` is refused: it is misspelt, not optional.
package final class Settings: Sendable {
    private let sources: [Source]

    private struct Source {
        let prefix: [String]
        let provider: any ConfigProvider
        let name: @Sendable (_ key: String) -> String
    }

    /// - Parameter file: path of a JSON file; nil falls back to `KINDRED_CONFIG`, then to no file.
    package init(
        file: String? = nil, environment: [String: String] = ProcessInfo.processInfo.environment
    ) async throws {
        // A variable set to nothing (`PORT= make demo`) is a variable not set.
        let environment = environment.filter { !$0.value.isEmpty }
        var sources = [
            Source(
                prefix: ["kindred"], provider: EnvironmentVariablesProvider(environmentVariables: environment),
                name: Settings.variable)
        ]
        if let path = file ?? environment["KINDRED_CONFIG"] {
            do {
                let provider = try await FileProvider<JSONSnapshot>(filePath: FilePath(path))
                sources.append(Source(prefix: [], provider: provider, name: { "\(path): \($0)" }))
                let unknown = try Settings.keys(ofFile: path).subtracting(Settings.keys)
                guard unknown.isEmpty else { throw SettingsError.unknownKeys(unknown.sorted()) }
            } catch let error as SettingsError {
                throw error
            } catch {
                throw SettingsError.unreadableFile(path: path, reason: "\(error)")
            }
        }
        self.sources = sources
    }

    /// The environment variable of a key, as documentation and errors name it.
    package static func variable(_ key: String) -> String {
        "KINDRED_" + key.uppercased().map { $0.isLetter || $0.isNumber ? String($0) : "_" }.joined()
    }

    package func string(_ key: String, flag: String? = nil) throws -> String? {
        if let flag { return flag }
        return try lookUp(key, type: .string) { if case .string(let value) = $0 { value } else { nil } }?.value
    }

    package func int(_ key: String, flag: Int? = nil, default standard: Int, in range: ClosedRange<Int>) throws -> Int {
        try inRange(
            key, flag: flag, default: standard, range, type: .int,
            unwrap: { if case .int(let value) = $0 { value } else { nil } })
    }

    package func double(
        _ key: String, flag: Double? = nil, default standard: Double, in range: ClosedRange<Double>
    ) throws -> Double {
        try inRange(
            key, flag: flag, default: standard, range, type: .double,
            unwrap: { if case .double(let value) = $0 { value } else { nil } })
    }

    package func bool(_ key: String, flag: Bool? = nil, default standard: Bool) throws -> Bool {
        if let flag { return flag }
        return try lookUp(key, type: .bool) { if case .bool(let value) = $0 { value } else { nil } }?.value ?? standard
    }

    /// A value from a closed list.
    package func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String, flag: Choice? = nil, default standard: Choice
    ) throws -> Choice {
        if let flag { return flag }
        guard
            let found = try lookUp(
                key, type: .string, unwrap: { if case .string(let value) = $0 { value } else { nil } })
        else { return standard }
        guard let choice = Choice(rawValue: found.value) else {
            throw SettingsError.invalid(
                source: found.source,
                reason: "'\(found.value)' is not one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return choice
    }

    private func inRange<Value: Comparable>(
        _ key: String, flag: Value?, default standard: Value, _ range: ClosedRange<Value>, type: ConfigType,
        unwrap: (ConfigContent) -> Value?
    ) throws -> Value {
        let found: (value: Value, source: String)
        if let flag {
            found = (flag, "--" + key.replacing(".", with: "-"))
        } else if let lookedUp = try lookUp(key, type: type, unwrap: unwrap) {
            found = lookedUp
        } else {
            return standard
        }
        guard range.contains(found.value) else {
            throw SettingsError.invalid(
                source: found.source,
                reason: "\(found.value) is outside \(range.lowerBound)…\(range.upperBound)")
        }
        return found.value
    }

    private func lookUp<Value>(
        _ key: String, type: ConfigType, unwrap: (ConfigContent) -> Value?
    ) throws -> (value: Value, source: String)? {
        precondition(Settings.keys.contains(key), "\(key) is not among Settings.keys")
        let components = key.split(separator: ".").map(String.init)
        for source in sources {
            let configKey = AbsoluteConfigKey(source.prefix + components)
            do {
                guard let found = try source.provider.value(forKey: configKey, type: type).value else { continue }
                if let value = unwrap(found.content) { return (value, source.name(key)) }
            } catch {
                throw SettingsError.invalid(
                    source: source.name(key), reason: "the value is not a valid \(type.rawValue)")
            }
        }
        return nil
    }

    /// The dotted keys of a JSON file's leaves.
    private static func keys(ofFile path: String) throws -> Set<String> {
        func leaves(_ value: Any, _ prefix: String) -> [String] {
            guard let object = value as? [String: Any] else { return [prefix] }
            return object.flatMap { leaves($0.value, prefix.isEmpty ? $0.key : "\(prefix).\($0.key)") }
        }
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        return Set(leaves(try JSONSerialization.jsonObject(with: data), ""))
    }
}
