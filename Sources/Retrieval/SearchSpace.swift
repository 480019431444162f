/// What "near" means: the column that is searched.
package enum SearchSpace: String, Sendable, CaseIterable {
    /// Items near a user, by the model's order.
    case embedding
    /// Items near an item, by cosine.
    case similarity
}
