import Postgres

/// One user: what was done, and what that says of the user's taste.
package struct UserProfile: Sendable {
    package let generation: Int
    package let taste: TasteProfile
    package let history: UserHistory
    /// By id; an item that came after the generation has none.
    package let items: @Sendable (Int32) -> Item?
    /// The database did not answer: memory has no times, and nothing of what came since the generation was loaded.
    package let isDegraded: Bool
}

extension Retriever {
    /// - Throws: ``RetrievalError/unknownUser(_:)``, or `PostgresError` for a user that memory does not know while the database
    ///   does not answer.
    package func profile(of user: Int32, deadline: ContinuousClock.Instant) async throws -> UserProfile {
        let snapshot = snapshot
        let shares = await snapshot.shares()
        let (history, isDegraded) = try await history(of: user, deadline: deadline)
        // A long history takes longer than an event loop should be away from its other connections.
        let taste = await withTaskExecutorPreference(globalConcurrentExecutor) {
            TasteProfile(history.ratings, items: snapshot.items, rows: snapshot.itemRows, shares: shares)
        }
        return UserProfile(
            generation: snapshot.generation.id, taste: taste, history: history, items: { try? snapshot.item($0) },
            isDegraded: isDegraded)
    }

    private func history(
        of user: Int32, deadline: ContinuousClock.Instant
    ) async throws -> (history: UserHistory, isDegraded: Bool) {
        do {
            let history = try await UserHistory.read(
                user: user, catalogue: snapshot.generation.catalogueID, from: pool, deadline: deadline)
            guard !history.entries.isEmpty || snapshot.userRows[user] != nil else {
                throw RetrievalError.unknownUser(user)
            }
            return (history, false)
        } catch let error as PostgresError where error.isAbsence {
            // Whoever is new may be in the database all the same.
            guard let history = snapshot.ratings(of: user) else { throw error }
            return (history, true)
        }
    }
}
