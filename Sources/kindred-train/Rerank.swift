import ArgumentParser

/// How a service is asked to order its candidates: its parameter `rerank`.
enum Rerank: String, CaseIterable, ExpressibleByArgument {
    case none, distance, model
}
