// swift-tools-version: 6.2

import PackageDescription

// Continuous integration treats a warning as an error; a newer compiler's new warning must not
// stop a newcomer's first build.
let strict = Context.environment["CI"] != nil

let swiftSettings: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ] + (strict ? [.treatAllWarnings(as: .error)] : [])

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let configuration: Target.Dependency = .product(name: "Configuration", package: "swift-configuration")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let inMemoryLogging: Target.Dependency = .product(name: "InMemoryLogging", package: "swift-log")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let systemPackage: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")

func library(_ name: String, path: String? = nil, _ dependencies: [Target.Dependency] = [], resources: [Resource] = [])
    -> Target
{
    .target(
        name: name, dependencies: dependencies, path: path, resources: resources, swiftSettings: swiftSettings)
}

func executable(_ name: String, path: String? = nil, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, path: path, swiftSettings: swiftSettings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

let package = Package(
    name: "kindred",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections.git", from: "1.3.0"),
        .package(url: "https://github.com/apple/swift-configuration.git", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.0.0"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.14.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-system.git", from: "1.6.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift.git", from: "0.2.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    ],
    targets: [
        // Foundations: no knowledge of movies, PostgreSQL or HTTP.
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .target(name: "CKernels"),
        library("Kernels", ["CKernels"]),
        library("Caching"),
        library("Telemetry"),
        library("Settings", [configuration, systemPackage]),
        library("Journal", [logging]),

        // The database.
        library("Postgres", ["CPostgres", deque, logging]),
        library(
            "Schema", path: "sql",
            resources: [
                .embedInCode("0001_catalogue.sql"), .embedInCode("0002_generations.sql"),
                .embedInCode("0003_storage.sql"), .embedInCode("0004_rating_heads.sql"),
                .embedInCode("0005_events.sql"), .embedInCode("0006_activation_notice.sql"),
                .embedInCode("0007_calibrations.sql"), .embedInCode("0008_events_by_user.sql"),
                .embedInCode("0009_erasures.sql"),
            ]),

        // From ratings to vectors.
        library("MovieLens"),
        library("ModelBundle", ["Kernels", crypto]),
        library("Training", ["MovieLens", "ModelBundle", "Kernels", "CBLAS"]),
        library("Report", ["ModelBundle", "Training", "Kernels"]),

        // From vectors to answers.
        library("Loading", ["Postgres", "Schema", "ModelBundle", "Kernels", crypto, logging]),
        library(
            "Retrieval", ["Postgres", "Schema", "ModelBundle", "Kernels", "Caching", "Telemetry", crypto, logging]),
        library("Events", ["Journal", "Postgres", logging]),
        library(
            "Web", path: "web", [crypto],
            resources: [
                .embedInCode("index.html"), .embedInCode("docs.html"), .embedInCode("page.css"),
                .embedInCode("page.js"), .embedInCode("page"),
                .embedInCode("client.js"), .embedInCode("client.d.ts"), .embedInCode("icon.svg"),
            ]),
        library(
            "Service",
            [
                "Postgres", "Retrieval", "Journal", "Events", "Caching", "Telemetry", "Web", hummingbird,
                hummingbirdCore, httpTypes, nioCore, nioHTTP1, nioSSL, logging, lifecycle,
            ]),

        // Load, from the outside: imports nothing of ours.
        library(
            "LoadGenerator", [nioCore, nioPosix, nioHTTP1, .product(name: "Histogram", package: "hdrhistogram-swift")]),

        // The link boundary is the deployment boundary.
        executable(
            "kindred-train",
            ["MovieLens", "ModelBundle", "Training", "Report", "Postgres", "Settings", argumentParser, crypto]),
        executable(
            "kindred",
            [
                "Settings", "Postgres", "Schema", "Loading", "Retrieval", "Journal", "Service", "Telemetry",
                "ModelBundle", argumentParser, logging, lifecycle, unixSignals,
            ]),
        executable("kindred-loadtest", ["LoadGenerator", "Settings", argumentParser]),
        // Beside faiss-cpu: Benchmarks/kernels/run.
        .executableTarget(
            name: "kernel-benchmark", dependencies: ["Kernels"], path: "Benchmarks/kernels",
            exclude: ["compare.py", "requirements.txt", "run"], swiftSettings: swiftSettings),

        // What `make bench-engine` compares with: nothing but HTTP, and a pool whose threads block.
        executable(
            "engine-servers", path: "Benchmarks/engine/Servers",
            [argumentParser, hummingbird, httpTypes, nioCore, nioPosix, nioHTTP1]),
        executable(
            "engine-pools", path: "Benchmarks/engine/Pools",
            ["Postgres", "CPostgres", "Retrieval", argumentParser, deque, logging]),

        // Unit tests: no I/O beyond temporary folders and the data set's files.
        tests("SettingsTests", ["Settings"]),
        tests("KernelsTests", ["Kernels", "CKernels"]),
        tests("CachingTests", ["Caching"]),
        tests("TelemetryTests", ["Telemetry"]),
        tests("JournalTests", ["Journal", logging]),
        tests("MovieLensTests", ["MovieLens"]),
        tests("ModelBundleTests", ["ModelBundle", "Kernels"]),
        tests("TrainingTests", ["Training", "MovieLens", "ModelBundle", "Kernels"]),
        tests("ReportTests", ["Report", "Training", "MovieLens", "ModelBundle", "Kernels"]),
        tests("KindredTrainTests", ["kindred-train", "MovieLens", "TestSupport"]),
        tests("ServiceTests", ["Service", "Retrieval", "Web", nioCore, nioHTTP1]),
        tests("LoadGeneratorTests", ["LoadGenerator", nioCore, nioPosix, nioHTTP1]),

        // Integration tests: on the real PostgreSQL that `make test` starts.
        .target(
            name: "TestSupport", dependencies: ["Postgres", "Loading", "ModelBundle", "MovieLens", "Training"],
            path: "Tests/TestSupport", swiftSettings: swiftSettings),
        tests("PostgresTests", ["Postgres", "TestSupport", logging]),
        tests("LoadingTests", ["Loading", "Schema", "ModelBundle", "Kernels", "Postgres", "TestSupport"]),
        tests(
            "IntegrationTests",
            [
                "Service", "Web", "Retrieval", "Telemetry", "Training", "Loading", "Schema", "ModelBundle", "MovieLens",
                "Kernels", "Postgres", "TestSupport", "Journal", "Events", "kindred", "kindred-train",
                inMemoryLogging, logging, lifecycle,
            ]),
    ],
    swiftLanguageModes: [.v6]
)

// The concurrent parts below HTTP and their tests alone: what scripts/sanitize builds once for each sanitizer.
if Context.environment["KINDRED_CORE_ONLY"] != nil {
    let kept: Set = [
        "CPostgres", "CKernels", "Kernels", "Caching", "Telemetry", "Journal", "Postgres", "KernelsTests",
        "CachingTests", "TelemetryTests", "JournalTests", "PostgresTests", "TestSupport",
    ]
    package.targets.removeAll { !kept.contains($0.name) }
    package.dependencies.removeAll { dependency in
        guard case .sourceControl(_, let location, _) = dependency.kind else { return true }
        return !location.hasSuffix("/swift-collections.git") && !location.hasSuffix("/swift-log.git")
    }
    // Its bundles are for tests that stay outside.
    for target in package.targets where target.name == "TestSupport" {
        target.dependencies = ["Postgres"]
        target.exclude = ["Program.swift", "TrainedBundle.swift"]
    }
}
