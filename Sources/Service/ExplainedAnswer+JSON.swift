import Retrieval

extension ExplainedAnswer {
    /// The envelope's `explain`, with a comma before it: times in milliseconds.
    func write(to writer: inout JSONWriter) throws {
        writer.raw(#","explain":{"#)
        if let candidates = trace.candidates {
            writer.raw(#""candidates":"#)
            writer.integer(candidates)
            writer.raw(",")
        }
        if let effort {
            try writer.string(effort.parameter)
            writer.raw(":")
            writer.integer(effort.value)
            writer.raw(",")
        }
        if let limit = trace.limit {
            writer.raw(#""limit":"#)
            writer.integer(limit)
            writer.raw(",")
        }
        if let plan {
            writer.raw(#""plan":"#)
            try writer.array(plan) { try $0.string($1) }
            writer.raw(",")
        }
        writer.raw(#""sql":"#)
        try writer.string(sql)
        writer.raw(#","sql_gives":"#)
        try writer.string(isOfCandidates ? "candidates" : "results")
        writer.raw(#","timings_ms":{"#)
        let stages = [
            ("database", trace.database), ("diversity", trace.diversity), ("model", trace.model),
            ("queue", trace.queue), ("rerank", trace.rerank),
        ]
        for (stage, time) in stages {
            guard let time else { continue }
            try writer.string(stage)
            writer.raw(":")
            writer.milliseconds(time)
            writer.raw(",")
        }
        writer.raw(#""total":"#)
        writer.milliseconds(total)
        writer.raw("}}")
    }
}

extension ExplainedAnswer.Reasons {
    /// A result's `because`.
    func writeBecause(to writer: inout JSONWriter) throws {
        writer.raw(#""because":"#)
        try writer.array(because) { writer, reason in
            writer.raw(#"{"contribution":"#)
            writer.number(reason.contribution)
            writer.raw(#","movie_id":"#)
            writer.integer(Int(reason.item.id))
            writer.raw(#","title":"#)
            try writer.string(reason.item.title)
            writer.raw("}")
        }
    }

    /// A result's `score_parts`, which add up to its score: what is named, what everybody would get, and what is left.
    func writeParts(to writer: inout JSONWriter) {
        writer.raw(#""score_parts":{"because":"#)
        writer.number(because.reduce(0) { $0 + $1.contribution })
        writer.raw(#","everybody":"#)
        writer.number(baseline)
        writer.raw(#","rest":"#)
        writer.number(rest)
        writer.raw("}")
    }
}

extension JSONWriter {
    /// To a microsecond.
    fileprivate mutating func milliseconds(_ time: Duration) {
        number((time / .microseconds(1)).rounded() / 1e3)
    }
}
