import Postgres

extension Retriever {
    /// Answers many requests; those that need the database share one round trip.
    ///
    /// - Parameter requests: resolved.
    /// - Returns: an answer or an error for each request.
    package func answers(
        _ requests: [SearchRequest], deadline: ContinuousClock.Instant
    ) async -> [Result<Answer, any Error>] {
        let asked = requests.map { request in Result { try self.asked(request) } }
        let replies = await replies(to: zip(requests, asked).map { question($0, try? $1.get()) }, deadline: deadline)
        var answers: [Result<Answer, any Error>] = []
        for (place, request) in requests.enumerated() {
            do {
                var trace = SearchTrace()
                answers.append(
                    .success(
                        try await answer(
                            try asked[place].get(), request, deadline: deadline, &trace, reply: replies[place])))
            } catch {
                answers.append(.failure(error))
            }
        }
        return answers
    }

    /// Nil where the database is not to be asked.
    private func question(_ request: SearchRequest, _ asked: Asked?) -> Question? {
        guard case .search(let search) = asked?.outcome, asksDatabase(search) else { return nil }
        return question(search, count: candidates(request))
    }

    /// A reply for each question; the error that has kept the database from answering stands for all of them.
    private func replies(to questions: [Question?], deadline: ContinuousClock.Instant) async -> [DatabaseReply?] {
        let queries = questions.compactMap { question in
            question.map { Connection.Query($0.statement, $0.parameters, settings: $0.settings) }
        }
        guard !queries.isEmpty else { return questions.map { _ in nil } }
        var found: [DatabaseReply]
        do {
            found = try await pool.withConnection(deadline: deadline) { connection in
                try await connection.query(queries, deadline: deadline)
            }
        } catch {
            let error = error as? PostgresError ?? PostgresError(.cancelled, "\(error)")
            found = queries.map { _ in .failure(error) }
        }
        found.reverse()
        return questions.map { $0 == nil ? nil : found.removeLast() }
    }
}
