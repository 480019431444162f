import Foundation

/// Something that is done to the service while it is under load.
package struct Action: Sendable {
    package let name: String
    /// Seconds after the beginning of the measured time.
    package let at: Double
    /// For `/bin/sh -c`, in the folder where the load test was started.
    package let command: String
}

extension Action: Decodable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case name
        case at = "at_s"
        case command = "run"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        at = try container.decode(Double.self, forKey: .at)
        command = try container.decode(String.self, forKey: .command)
        guard at >= 0 else {
            throw DecodingError.dataCorruptedError(
                forKey: .at, in: container, debugDescription: "it must be 0 or later")
        }
    }
}

/// How an action went.
package struct ActionRecord: Sendable, Codable {
    package let name: String
    /// Seconds after the beginning of the measured time.
    package let began: Double
    package let ended: Double
    /// 0 when the command did what it should.
    package let status: Int32
    /// The end of what it printed.
    package let output: String

    private enum CodingKeys: String, CodingKey {
        case name
        case began = "began_s"
        case ended = "ended_s"
        case status, output
    }
}
