import Retrieval

/// One generation; what is not known is left out.
struct GenerationBody: Encodable {
    let generation: Int
    let state: String
    let model: String
    let version: String
    let contentHash: String?
    let gitRevision: String?
    let dataset: String?
    let items: Int?
    let users: Int?
    let interactions: Int?
    let dimensions: Int
    let similarityDimensions: Int
    let storage: String
    let index: String
    let indexOptions: [String: Double]?
    let metrics: [String: Double]?
    let createdAt: String
    let loadedAt: String?
    let activatedAt: String?
    /// Only of the active one.
    let degraded: Bool?

    enum CodingKeys: String, CodingKey {
        case generation, state, model, version, dataset, items, users, interactions, dimensions, storage, index, metrics
        case degraded
        case contentHash = "content_hash"
        case gitRevision = "git_revision"
        case similarityDimensions = "similarity_dimensions"
        case indexOptions = "index_options"
        case createdAt = "created_at"
        case loadedAt = "loaded_at"
        case activatedAt = "activated_at"
    }

    init(_ record: GenerationRecord, isDegraded: Bool? = nil) {
        generation = record.id
        state = record.state
        model = record.model
        version = record.version
        contentHash = record.contentHash
        gitRevision = record.gitRevision
        dataset = record.dataset
        items = record.items
        users = record.users
        interactions = record.interactions
        dimensions = record.dimensions
        similarityDimensions = record.similarityDimensions
        storage = record.storage
        index = record.index
        indexOptions = record.indexOptions
        metrics = record.metrics
        createdAt = record.createdAt
        loadedAt = record.loadedAt
        activatedAt = record.activatedAt
        degraded = isDegraded
    }
}
