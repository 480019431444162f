/// A run with everything that is needed to judge it; in JSON the report's fields stand at the top.
package struct RunResult: Sendable {
    package static let kind = "run"

    package let name: String
    package let report: LoadReport
    package let verdicts: [Verdict]
    package let actions: [ActionRecord]
    package let manifest: Manifest

    package init(
        name: String, report: LoadReport, verdicts: [Verdict], actions: [ActionRecord] = [], manifest: Manifest
    ) {
        self.name = name
        self.report = report
        self.verdicts = verdicts
        self.actions = actions
        self.manifest = manifest
    }

    /// An answer was wrong or an action failed, which no slowness of the generator explains.
    package var isFaulty: Bool { report.wrong > 0 || actions.contains { $0.status != 0 } }

    /// What did not hold, in words; empty when everything did.
    package var complaints: [String] {
        var complaints = verdicts.filter { !$0.held }.map { verdict in
            "\(verdict.name) is \(verdict.value.map { Text.number($0, 4) } ?? "not measured")"
                + ", the objective is \(Text.number(verdict.bound, 4))"
        }
        if report.ok == 0 { complaints.append("no request got a right answer") }
        complaints += actions.filter { $0.status != 0 }.map {
            "the action '\($0.name)' ended with \($0.status): \($0.output)"
        }
        return complaints
    }

    package func table() -> String {
        var lines = [name, report.table()] + verdicts.map { "SLO       \($0.line)" }
        lines += actions.map {
            "action    \(Text.number($0.began))…\(Text.number($0.ended)) s: \($0.name), exit code \($0.status)"
        }
        return lines.joined(separator: "\n")
    }
}

extension RunResult: Codable {
    private enum CodingKeys: String, CodingKey {
        case kind, name, slo, actions, manifest
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        report = try LoadReport(from: decoder)
        verdicts = try container.decode([Verdict].self, forKey: .slo)
        actions = try container.decode([ActionRecord].self, forKey: .actions)
        manifest = try container.decode(Manifest.self, forKey: .manifest)
    }

    package func encode(to encoder: any Encoder) throws {
        try report.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Self.kind, forKey: .kind)
        try container.encode(name, forKey: .name)
        try container.encode(verdicts, forKey: .slo)
        try container.encode(actions, forKey: .actions)
        try container.encode(manifest, forKey: .manifest)
    }
}
