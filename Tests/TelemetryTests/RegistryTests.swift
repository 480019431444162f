import Telemetry
import Testing

@Suite struct RegistryTests {
    @Test("the exposition is the text format, byte for byte")
    func text() {
        let registry = Registry()
        let answered = registry.counter(
            name: "b_total", help: "Second.", labels: ["status": "200", "route": "similar"])
        let refused = registry.counter(name: "b_total", help: "Second.", labels: ["route": "similar", "status": "503"])
        answered.increment(by: 3)
        refused.increment()
        registry.gauge(name: "a", help: "First.").set(0.25)
        #expect(
            String(decoding: registry.render(), as: UTF8.self) == """
                # HELP b_total Second.
                # TYPE b_total counter
                b_total{route="similar",status="200"} 3
                b_total{route="similar",status="503"} 1
                # HELP a First.
                # TYPE a gauge
                a 0.25

                """)
    }

    @Test("labels and help are escaped")
    func escaping() throws {
        let registry = Registry()
        let awkward = "a\\b\"c\nd{e},é"
        registry.gauge(name: "info", help: "one\\two\nthree \"four\"", labels: ["text": awkward]).set(1)
        let exposition = try Exposition(registry.render())
        #expect(exposition.samples == [.init(name: "info", labels: ["text": awkward], value: 1)])
        #expect(exposition.help["info"] == #"one\\two\nthree "four""#)
    }

    @Test("the same name and labels, in any order, give the same handle")
    func sameHandle() {
        let registry = Registry()
        let first = registry.histogram(name: "h_seconds", help: "H.", labels: ["a": "1", "b": "2"])
        #expect(registry.histogram(name: "h_seconds", help: "H.", labels: ["b": "2", "a": "1"]) === first)
        #expect(registry.histogram(name: "h_seconds", help: "H.", labels: ["a": "1", "b": "3"]) !== first)
    }

    @Test("a histogram's buckets rise to its count, per series")
    func histogram() throws {
        let registry = Registry()
        let fast = registry.histogram(name: "h_seconds", help: "H.", labels: ["route": "fast"])
        let slow = registry.histogram(name: "h_seconds", help: "H.", labels: ["route": "slow"])
        for microseconds in 1...1_000 {
            fast.record(.microseconds(microseconds))
            slow.record(.milliseconds(microseconds * 20))
        }
        let exposition = try Exposition(registry.render())
        #expect(exposition.types == ["h_seconds": "histogram"])
        for (route, sum) in [("fast", 0.5005), ("slow", 10_010)] {
            let samples = exposition.samples.filter { $0.labels["route"] == route }
            let buckets = samples.filter { $0.name == "h_seconds_bucket" }.map(\.value)
            #expect(buckets == buckets.sorted())
            #expect(buckets.last == 1_000)
            #expect(samples.first { $0.name == "h_seconds_count" }?.value == 1_000)
            #expect(samples.first { $0.name == "h_seconds_sum" }?.value == sum)
        }
    }

    @Test("a reading is asked at every scrape and replaced by a later one")
    func readings() throws {
        let registry = Registry()
        let held = registry.gauge(name: "held", help: "Held.")
        registry.gauge(name: "read", help: "Read.") { held.value * 2 }
        registry.counter(name: "read_total", help: "Read.") { 1 << 40 }
        held.set(21)
        #expect(try Exposition(registry.render()).samples.map(\.value) == [21, 42, Double(1 << 40)])
        registry.gauge(name: "read", help: "Read.") { -1 }
        #expect(try Exposition(registry.render()).samples.map(\.value) == [21, -1, Double(1 << 40)])
    }

    @Test("a removed series is shown no more, nor is a family without series")
    func removal() throws {
        let registry = Registry()
        for generation in ["6", "7"] {
            registry.gauge(name: "generation_info", help: "G.", labels: ["generation": generation]).set(1)
        }
        registry.removeSeries(name: "generation_info", labels: ["generation": "6"])
        #expect(try Exposition(registry.render()).samples.map(\.labels) == [["generation": "7"]])
        registry.removeSeries(name: "generation_info", labels: ["generation": "7"])
        #expect(registry.render().isEmpty)
    }

    @Test(
        "numbers that are none are written as Prometheus reads them",
        arguments: [
            (Double.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (3, "3"), (-0.5, "-0.5"), (1e300, "1e+300"),
        ])
    func numbers(value: Double, text: String) {
        let registry = Registry()
        registry.gauge(name: "g", help: "G.").set(value)
        #expect(String(decoding: registry.render(), as: UTF8.self).hasSuffix("\ng \(text)\n"))
    }

    @Test("another type, other labels or a bad name stop the process")
    func misuse() async {
        await #expect(processExitsWith: .failure) {
            let registry = Registry()
            _ = registry.gauge(name: "a", help: "A.")
            _ = registry.counter(name: "a", help: "A.")
        }
        await #expect(processExitsWith: .failure) {
            let registry = Registry()
            _ = registry.gauge(name: "a", help: "A.", labels: ["b": "1"])
            _ = registry.gauge(name: "a", help: "A.", labels: ["c": "1"])
        }
        await #expect(processExitsWith: .failure) { _ = Registry().gauge(name: "1a", help: "A.") }
        await #expect(processExitsWith: .failure) {
            _ = Registry().histogram(name: "h", help: "H.", labels: ["le": "1"])
        }
    }
}
