/// Every metric of the service, so that a dashboard's author finds them in one place.
package enum MetricName {
    package static let requestDuration = "kindred_http_request_duration_seconds"
    static let stageDuration = "kindred_stage_duration_seconds"
    static let shortfall = "kindred_results_shortfall_total"
    static let degradedAnswers = "kindred_degraded_answers_total"
    package static let degraded = "kindred_degraded"
    package static let cacheHits = "kindred_cache_hits_total"
    package static let cacheMisses = "kindred_cache_misses_total"
    package static let cacheEvictions = "kindred_cache_evictions_total"
    package static let cacheEntries = "kindred_cache_entries"
    package static let cacheBytes = "kindred_cache_bytes"
    package static let poolOpen = "kindred_pool_open_connections"
    package static let poolIdle = "kindred_pool_idle_connections"
    package static let poolWaiting = "kindred_pool_waiting_requests"
    package static let activeGeneration = "kindred_active_generation_info"
    package static let embeddingAge = "kindred_embedding_age_seconds"
}
